/** The EICAR test file, which VirusTotal knows, so that no byte of it is sent (https://www.eicar.org/download-anti-malware-testfile/). */

/** Its digests. */
export const eicar = {
  md5: '44d88612fea8a8f36de82e1278abb02f',
  sha1: '3395856ce81f2b7382dee72602f798b642f14140',
  sha256: '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f',
} as const;

/** Returns its text, put together here so that virus scanners leave this file alone. */
export function eicarText(): string {
  return ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS', '-TEST-FILE!$H+H*'].join('');
}
