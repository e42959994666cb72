/** S3 events, and EventBridge patterns. */
export {
  type CreatedObject,
  formEncodedKey,
  objectCreatedEvent,
  objectCreatedNotification,
  s3TestEvent,
} from './created-object.ts';
export { matches } from './pattern/pattern.ts';
