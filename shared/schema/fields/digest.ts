/** Digests as input. */
import { DIGEST_FORMS, parseDigest } from '../../indicators/hash.ts';
import { parsed } from './parsed.ts';

/** Digest of a file. */
export const digest = parsed(parseDigest, DIGEST_FORMS, 200);
