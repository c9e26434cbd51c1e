export { seal } from './backend.ts';
export { liveSealObjects } from './module.ts';
