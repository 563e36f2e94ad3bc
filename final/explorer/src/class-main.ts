import { createApp } from 'vue';
import ClassApp from './ClassApp.vue';
import './style.css';

createApp(ClassApp).mount('#app');
