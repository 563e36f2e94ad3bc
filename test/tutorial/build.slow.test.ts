import { testListings, written } from './build.ts';

testListings(written.slice(1));
