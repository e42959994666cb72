/** IP addresses as input. */
import { IP_FORMS, parseIpAddress } from '../../indicators/ip-address.ts';
import { parsed } from './parsed.ts';

/** IPv4 or IPv6 address. */
export const ipAddress = parsed(parseIpAddress, IP_FORMS, 200);
