/** Domain names as input. */
import { DOMAIN_FORMS, parseDomain } from '../../indicators/domain.ts';
import { parsed } from './parsed.ts';

/** Domain name. */
export const domain = parsed(parseDomain, DOMAIN_FORMS, 1000);
