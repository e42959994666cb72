/** Helpers for tests against the simulator. */
export { type Certificate, selfSigned } from './tls.ts';
