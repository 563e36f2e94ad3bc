import { createApp } from 'vue';
import LabApp from './LabApp.vue';
import './style.css';

createApp(LabApp).mount('#app');
