/** The two CRCs of S3 that Node lacks. */

/** CRC-32C (Castagnoli), table-driven, reflected. */
const CRC32C = new Uint32Array(256).map((_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc;
});

/**
 * Goes on with a CRC-32C.
 *
 * @param crc - of the bytes before, 0 at the start
 */
export function crc32c(bytes: Uint8Array, crc: number): number {
  let value = ~crc;
  for (const byte of bytes) value = (value >>> 8) ^ (CRC32C[(value ^ byte) & 0xff] ?? 0);
  return ~value >>> 0;
}

/** CRC-64/NVME's table, in halves: arithmetic on BigInt would be ten times slower. */
const HIGH = new Uint32Array(256);
const LOW = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >> 1n) ^ (crc & 1n ? 0x9a6c9329ac4bc9b5n : 0n);
  HIGH[byte] = Number(crc >> 32n);
  LOW[byte] = Number(crc & 0xffffffffn);
}

/**
 * Goes on with a CRC-64/NVME.
 *
 * @param crc - of the bytes before, 0 at the start
 */
export function crc64nvme(bytes: Uint8Array, crc: bigint): bigint {
  let high = ~Number(crc >> 32n);
  let low = ~Number(crc & 0xffffffffn);
  for (const byte of bytes) {
    const at = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (LOW[at] ?? 0);
    high = (high >>> 8) ^ (HIGH[at] ?? 0);
  }
  return (BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0);
}
