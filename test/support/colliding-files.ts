/** Two files with one MD5 (Wang, Feng, Lai and Yu, https://eprint.iacr.org/2004/199). */

/** They differ in the upper bit of six bytes; with the same bytes after them they still have one MD5. */
const DIFFERENT_BYTES = [19, 45, 59, 83, 109, 123];

const clean = Buffer.from(
  [
    'd131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f89',
    '55ad340609f4b30283e488832571415a085125e8f7cdc99fd91dbdf280373c5b',
    'd8823e3156348f5bae6dacd436c919c6dd53e2b487da03fd02396306d248cda0',
    'e99f33420f577ee8ce54b67080a80d1ec69821bcb6a8839396f9652b6ff72a70',
  ].join(''),
  'hex',
);

/** The files, each followed by the same bytes. */
export function collidingFiles(rest: Uint8Array = Buffer.alloc(0)): readonly [Buffer, Buffer] {
  const twin = Buffer.from(clean);
  for (const at of DIFFERENT_BYTES) twin.writeUInt8(twin.readUInt8(at) ^ 0x80, at);
  return [Buffer.concat([clean, rest]), Buffer.concat([twin, rest])];
}
