/** URLs as input. */
import { MAX_DEFANGING, MAX_URL_LENGTH, parseUrl, URL_FORMS } from '../../indicators/url.ts';
import { parsed } from './parsed.ts';

/** URL; the marks of a defanged one do not count. */
export const url = parsed(parseUrl, URL_FORMS, MAX_URL_LENGTH + MAX_DEFANGING);
