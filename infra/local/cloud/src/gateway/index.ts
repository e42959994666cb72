/** The local API Gateway. */
export type { LocalApi } from '../template/views/apis.ts';
export { readDefinition } from './definition.ts';
export { startGateway } from './gateway.ts';
