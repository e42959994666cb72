import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../shared/errors.ts';
import { InvalidIndicator } from '../../../shared/indicators/invalid.ts';
import {
  analysisEpoch,
  checkScanIdNotInFuture,
  parseFileScanId,
  parseUrlScanId,
  toScanId,
  urlSha256Of,
} from '../../../shared/indicators/scan-id.ts';

const SHA256 = 'ab'.repeat(32);
const MD5 = '68b329da9893e34099c7d8ad5cb9c940';
const EPOCH = 1_599_055_355;
// As recorded in answer to POST /files/{id}/analyse.
const NATIVE = 'NjhiMzI5ZGE5ODkzZTM0MDk5YzdkOGFkNWNiOWM5NDA6MTU5OTA1NTM1NQ==';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const unpadded = NATIVE.replace(/=+$/, '');
const threeParts = base64(`${MD5}:${EPOCH}:~~~~???`);

describe('parseFileScanId', () => {
  it.each([
    [`${SHA256}-${EPOCH}`, SHA256],
    [` ${SHA256.toUpperCase()}-${EPOCH}\n`, SHA256],
    [`f-${SHA256}-${EPOCH}`, SHA256],
  ])('reads the v2 form: %s', (text, sha256) => {
    const original = text.trim();
    expect(parseFileScanId(text)).toEqual({ original, sha256, epoch: EPOCH, analysisId: null });
  });

  it.each([
    [NATIVE, NATIVE],
    [unpadded, NATIVE],
    [` ${NATIVE} `, NATIVE],
    [threeParts, threeParts],
    [threeParts.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''), threeParts],
    [base64(`${MD5.toUpperCase()}:${EPOCH}`), base64(`${MD5.toUpperCase()}:${EPOCH}`)],
  ])("reads VirusTotal's own form and spells it as VirusTotal does: %s", (text, analysisId) => {
    const original = text.trim();
    expect(parseFileScanId(text)).toEqual({ original, sha256: null, epoch: EPOCH, analysisId });
  });

  it.each([
    [`u-${SHA256}-${EPOCH}`, 'it is the id of the analysis of a URL'],
    [SHA256, 'it is a digest (pass it as hash)'],
    [MD5, 'it is a digest (pass it as hash)'],
    [`${SHA256}-0`, 'it has none of the known forms'],
    [`${SHA256}-01599055355`, 'it has none of the known forms'],
    [`${SHA256}-15990553550`, 'it has none of the known forms'],
    [`${SHA256}-15990553.5`, 'it has none of the known forms'],
    [`${SHA256}--1`, 'it has none of the known forms'],
    [`${SHA256}-`, 'it has none of the known forms'],
    [`F-${SHA256}-${EPOCH}`, 'it has none of the known forms'],
    [`${SHA256.slice(1)}-${EPOCH}`, 'it has none of the known forms'],
    [`${MD5}:${EPOCH}`, 'it has none of the known forms'],
    [`${EPOCH}`, 'it has none of the known forms'],
    [base64(`${MD5}:`), 'it has none of the known forms'],
    [base64(`${MD5}:0`), 'it has none of the known forms'],
    [base64(`${MD5.slice(1)}x:${EPOCH}`), 'it has none of the known forms'],
    [base64(`${MD5}:${EPOCH}:a b`), 'it has none of the known forms'],
    [base64(`${MD5}:${EPOCH}\n`), 'it has none of the known forms'],
    [base64(`../${MD5}:${EPOCH}`), 'it has none of the known forms'],
    [unpadded.slice(0, -1), 'it has none of the known forms'],
    [`${NATIVE}=`, 'it has none of the known forms'],
    [`../../files/${SHA256}`, 'it has none of the known forms'],
    ['', 'it has none of the known forms'],
  ])('refuses %j', (text, reason) => {
    expect(() => parseFileScanId(text)).toThrow(new InvalidIndicator(reason));
  });
});

describe('parseUrlScanId', () => {
  it('reads the v2 form', () => {
    const original = `${SHA256.toUpperCase()}-${EPOCH}`;
    expect(parseUrlScanId(` ${original}\n`)).toEqual({
      original,
      sha256: SHA256,
      epoch: EPOCH,
      analysisId: null,
    });
  });

  it("reads VirusTotal's own form and spells it as VirusTotal does", () => {
    const original = `u-${SHA256.toUpperCase()}-${EPOCH}`;
    const analysisId = `u-${SHA256}-${EPOCH}`;
    expect(parseUrlScanId(original)).toEqual({
      original,
      sha256: SHA256,
      epoch: EPOCH,
      analysisId,
    });
  });

  it.each([
    [`f-${SHA256}-${EPOCH}`, 'it is the id of the analysis of a file'],
    [NATIVE, 'it is the id of the analysis of a file'],
    ['https://example.com/', 'it is a URL (pass it as url)'],
    ['HTTP://example.com/', 'it is a URL (pass it as url)'],
    ['see https://example.com/', 'it has none of the known forms'],
    [`i-${SHA256}-${EPOCH}`, 'it has none of the known forms'],
    [SHA256, 'it has none of the known forms'],
    ['', 'it has none of the known forms'],
  ])('refuses %s', (text, reason) => {
    expect(() => parseUrlScanId(text)).toThrow(new InvalidIndicator(reason));
  });
});

describe('checkScanIdNotInFuture', () => {
  const scanId = parseFileScanId(`${SHA256}-${EPOCH}`);

  it('tolerates clocks that differ by 5 minutes', () => {
    expect(() => checkScanIdNotInFuture(scanId, EPOCH - 300)).not.toThrow();
    expect(() => checkScanIdNotInFuture(scanId, EPOCH - 300.001)).toThrow(
      new InvalidInputError(
        `scan_id: got "${SHA256}-${EPOCH}", whose epoch ${EPOCH} is in the future; allowed: an epoch up to now (${EPOCH - 301})`,
      ),
    );
  });
});

describe('toScanId', () => {
  it.each([
    [NATIVE, `${SHA256}-${EPOCH}`],
    [unpadded, `${SHA256}-${EPOCH}`],
    [`u-${SHA256}-${EPOCH}`, `${SHA256}-${EPOCH}`],
    [EPOCH, `${SHA256}-${EPOCH}`],
    [String(EPOCH), `${SHA256}-${EPOCH}`],
    [`i-${SHA256}-${EPOCH}`, `i-${SHA256}-${EPOCH}`],
    ['some-new-form', 'some-new-form'],
    ['', ''],
    [0, '0'],
    [-1, '-1'],
    [1.5, '1.5'],
    [1e21, '1e+21'],
  ])('%s -> %s', (analysisId, scanId) => {
    expect(toScanId(analysisId, SHA256)).toBe(scanId);
  });

  it('turns any known id into one that file_reputation or url_reputation accepts', () => {
    const epochs = fc.integer({ min: 1, max: 9_999_999_999 });
    const hex = fc.string({
      unit: fc.constantFrom(...'0123456789abcdef'),
      minLength: 64,
      maxLength: 64,
    });
    fc.assert(
      fc.property(hex, epochs, (sha256, epoch) => {
        const expected = { original: `${sha256}-${epoch}`, sha256, epoch, analysisId: null };
        const ofFile = toScanId(base64(`${sha256.slice(32)}:${epoch}`), sha256);
        expect(parseFileScanId(ofFile)).toEqual(expected);
        expect(parseUrlScanId(toScanId(`u-${sha256}-${epoch}`, sha256))).toEqual(expected);
        expect(analysisEpoch(`u-${sha256}-${epoch}`)).toBe(epoch);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.double()), (id) => {
        expect(typeof toScanId(id, SHA256)).toBe('string');
      }),
    );
  });
});

it.each([
  [`u-${SHA256.toUpperCase()}-${EPOCH}`, SHA256],
  [`${SHA256}-${EPOCH}`, SHA256],
  [EPOCH, null],
  [NATIVE, null],
])('urlSha256Of: %s -> %s', (id, sha256) => {
  expect(urlSha256Of(id)).toBe(sha256);
});

it('refuses a megabyte at once', () => {
  const start = performance.now();
  expect(() => parseFileScanId('A'.repeat(1_000_000))).toThrow(
    new InvalidIndicator('it has none of the known forms'),
  );
  expect(performance.now() - start).toBeLessThan(500);
});
