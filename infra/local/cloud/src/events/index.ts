/** Events as S3 sends them, and the patterns of EventBridge rules. */
export {
  type CreatedObject,
  formEncodedKey,
  objectCreatedEvent,
  objectCreatedNotification,
  s3TestEvent,
} from './created-object.ts';
export { matches } from './pattern/pattern.ts';
