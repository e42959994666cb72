import { describe, expect, it } from 'vitest';
import {
  submitFileKnown,
  submitFileQueued,
  submitFileRunning,
  submitFileUnknown,
} from '../../../shared/operations/submit-file/map.ts';
import { submitUrlNotSent, submitUrlQueued } from '../../../shared/operations/submit-url/map.ts';
import { fileObject } from '../../../shared/virustotal/answers/index.ts';
import { fixture } from '../../fixtures/virustotal/fixture.ts';

const EPOCH = 1_700_000_000;
const QUEUED = 'Scan request successfully queued, come back later for the report';

describe('submit_sample', () => {
  const sha256 = '0c'.repeat(32);
  const digests = { md5: '0a'.repeat(16), sha1: '0b'.repeat(20), sha256 };
  const same = { ...digests, resource: sha256, repeated: false };
  const permalink = (epoch: number) =>
    `https://www.virustotal.com/gui/file/${sha256}/detection/f-${sha256}-${epoch}`;

  it.each([
    ['base64', Buffer.from(`${digests.md5}:${EPOCH}`).toString('base64')],
    ['a bare number', EPOCH],
  ])('queued, under an id that is %s', (_, analysisId) => {
    expect(submitFileQueued(digests, analysisId)).toEqual({
      ...{ ...same, response_code: 1, verbose_msg: QUEUED },
      ...{ permalink: permalink(EPOCH), scan_id: `${sha256}-${EPOCH}` },
    });
  });

  it('queued, under an id of unknown form, which is returned unchanged', () => {
    expect(submitFileQueued(digests, 'new:form')).toEqual({
      ...{ ...same, response_code: 1, verbose_msg: QUEUED, permalink: null, scan_id: 'new:form' },
    });
  });

  it('not sent: VirusTotal has a report', () => {
    expect(submitFileKnown(digests, fileObject.parse(fixture('file-found')))).toEqual({
      ...{ ...same, response_code: 1, verbose_msg: 'Scan finished, information embedded' },
      ...{ permalink: permalink(EPOCH), scan_id: `${sha256}-${EPOCH}` },
    });
  });

  it('not sent: the first analysis runs', () => {
    const first = fileObject.parse(fixture('file-first-analysis'));
    const running = {
      ...{ ...same, response_code: -2, verbose_msg: 'Your resource is queued for analysis' },
    };
    expect(submitFileKnown(digests, first)).toEqual({
      ...{ ...running, permalink: permalink(EPOCH), scan_id: `${sha256}-${EPOCH}` },
    });
    const nothing = { ...running, permalink: null, scan_id: null };
    expect(submitFileKnown(digests, { ...first, lastSubmissionDate: null })).toEqual(nothing);
    expect(submitFileRunning(digests)).toEqual(nothing);
  });

  it('not sent, and unknown', () => {
    expect(submitFileUnknown(digests)).toEqual({
      ...{ ...same, response_code: 0, permalink: null, scan_id: null },
      verbose_msg: 'The requested resource is not among the finished, queued or pending scans',
    });
  });
});

describe('submit_url', () => {
  const sha256 = '1d'.repeat(32);
  const url = 'http://example.com/';

  it('queued', () => {
    expect(submitUrlQueued(url, `u-${sha256}-${EPOCH}`)).toEqual({
      ...{ resource: url, url, repeated: false, response_code: 1, verbose_msg: QUEUED },
      permalink: `https://www.virustotal.com/gui/url/${sha256}/detection/u-${sha256}-${EPOCH}`,
      scan_date: '2023-11-14 22:13:20',
      scan_id: `${sha256}-${EPOCH}`,
    });
  });

  it.each([
    [EPOCH, '2023-11-14 22:13:20', String(EPOCH)],
    ['new-form', null, 'new-form'],
  ])('queued, under the id %s without a digest', (id, scanDate, scanId) => {
    expect(submitUrlQueued(url, id)).toEqual({
      ...{
        resource: url,
        url,
        repeated: false,
        response_code: 1,
        verbose_msg: QUEUED,
        permalink: null,
      },
      ...{ scan_date: scanDate, scan_id: scanId },
    });
  });

  it('not sent', () => {
    expect(submitUrlNotSent(url, 'because')).toEqual({
      ...{ resource: url, url, repeated: false, response_code: 0, verbose_msg: 'because' },
      ...{ permalink: null, scan_date: null, scan_id: null },
    });
  });
});
