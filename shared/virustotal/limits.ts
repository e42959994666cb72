/** Limits of VirusTotal that not only its client needs. */

/** Largest file that VirusTotal accepts through an upload URL, bytes (650 MiB): https://docs.virustotal.com/reference/files-upload-url. */
export const MAX_FILE_BYTES = 681_574_400;
