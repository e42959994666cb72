/** Limits of VirusTotal's that more than its client keeps to. */

/** Longest file that an upload URL takes, bytes (650 MiB): https://docs.virustotal.com/reference/files-upload-url. */
export const MAX_FILE_BYTES = 681_574_400;
