import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTarget } from '../../../../infra/local/scan/read-target.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'virustotal-connector-target-'));
  await writeFile(join(folder, 'example.com'), 'four');
  await mkdir(join(folder, 'below'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('readTarget', () => {
  test.each([
    ['example.com', 'domain'],
    ['www.example.co.uk', 'domain'],
    ['EXAMPLE.COM.', 'domain'],
    ['-sso.example.com', 'domain'],
    ['b\u00fccher.example.com', 'domain'],
    ['example[.]com', 'domain'],
    ['invoice[.]zip', 'domain'],
    ['domain:invoice.zip', 'domain'],
    ['domain:localhost', 'domain'],
    ['203.0.113.7', 'ip'],
    ['ip:2001:db8::1', 'ip'],
    ['203.0.113.7:8080', 'url'],
    ['example.com:8443', 'url'],
    ['https://example.com/setup.sh', 'url'],
    ['hxxps[://]login[.]example[.]com/payload[.]exe', 'url'],
    ['login[.]example[.]com/payload[.]exe', 'url'],
    ['url:example.com/a', 'url'],
    ['url:203.0.113.7/80/x', 'url'],
    ['44D88612FEA8A8F36DE82E1278ABB02F', 'hash'],
    ['hash:44D88612FEA8A8F36DE82E1278ABB02F', 'hash'],
    ['s3://bucket/prefix', 'objects'],
  ])('takes %s as %s', (text, type) => {
    expect(readTarget(text).type).toBe(type);
  });

  test.each([
    ['invoice.zip', 'there is no such file; if it is meant as a domain, write domain:invoice.zip'],
    ['setup.sh', 'there is no such file; if it is meant as a domain, write domain:setup.sh'],
    ['nofile.txt', 'there is no such file; if it is meant as a domain, write domain:nofile.txt'],
    [
      'nofile.ndjson',
      'there is no such file; if it is meant as a domain, write domain:nofile.ndjson',
    ],
    ['Makefile', 'there is no such file; if it is meant as a domain, write domain:Makefile'],
    ['report.md?', 'there is no such file; if it is meant as a url, write url:report.md?'],
    ['dir/nofile.txt', 'there is no such file; if it is meant as a url, write url:dir/nofile.txt'],
    ['example.com/a', 'there is no such file; if it is meant as a url, write url:example.com/a'],
  ])('does not look up %s, which could be a file', (text, why) => {
    expect(readTarget(text)).toEqual({ type: 'none', why });
  });

  test.each([
    ['', 'there is no such file, and it is not an indicator: it is empty'],
    ['./nofile.exe', 'there is no such file, and it is not an indicator: it has an empty label'],
    ['C:\\x.exe', 'there is no such file, and it is not an indicator: it has ":", which is'],
    ['*.js', 'there is no such file, and it is not an indicator: it has a label'],
    ['203.0.113.0/24', 'there is no such file, and it is not an indicator: it is a range'],
    ['file:nofile.txt', 'there is no such file'],
    ['domain:example.com/a', 'not the right form for domain: it has a path'],
    ['hash:1234', 'not the right form for hash: it has 4 characters'],
  ])('refuses %j', (text, why) => {
    expect(readTarget(text)).toEqual({ type: 'none', why: expect.stringContaining(why) });
  });

  test('takes a file that exists as a file, whatever its name', () => {
    const path = join(folder, 'example.com');
    expect(readTarget(path)).toEqual({ type: 'file', path, size: 4 });
    expect(readTarget(`file:${path}`)).toEqual({ type: 'file', path, size: 4 });
  });

  test('refuses folders and devices', () => {
    const why = 'it is a folder; give the files in it';
    expect(readTarget(join(folder, 'below'))).toEqual({ type: 'none', why });
    expect(readTarget('/dev/null')).toEqual({ type: 'none', why: 'it is not a regular file' });
  });
});
