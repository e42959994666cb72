/** Ids of analyses as input. */
import {
  FILE_SCAN_ID_FORMS,
  parseFileScanId,
  parseUrlScanId,
  URL_SCAN_ID_FORMS,
} from '../../indicators/scan-id.ts';
import { parsed } from './parsed.ts';

/** Id of the analysis of a file. */
export const fileScanId = parsed(parseFileScanId, FILE_SCAN_ID_FORMS, 500);

/** Id of the analysis of a URL. */
export const urlScanId = parsed(parseUrlScanId, URL_SCAN_ID_FORMS, 500);
