import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { checkUploadUrl, parseServer } from '../../../shared/virustotal/server.ts';

describe('parseServer', () => {
  it.each([
    ['https://www.virustotal.com', 'https://www.virustotal.com/api/v3'],
    ['www.virustotal.com', 'https://www.virustotal.com/api/v3'],
    ['  www.virustotal.com/  ', 'https://www.virustotal.com/api/v3'],
    ['https://www.virustotal.com/api/v3', 'https://www.virustotal.com/api/v3'],
    ['https://www.virustotal.com/api/v3///', 'https://www.virustotal.com/api/v3'],
    ['https://proxy.example/virustotal/', 'https://proxy.example/virustotal/api/v3'],
    ['https://proxy.example/a/b/api/v3/', 'https://proxy.example/a/b/api/v3'],
    ['https://proxy.example/myapi/v3', 'https://proxy.example/myapi/v3/api/v3'],
    ['proxy.example:8443/vt', 'https://proxy.example:8443/vt/api/v3'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000/api/v3'],
    ['HTTP://LOCALHOST:9000', 'http://localhost:9000/api/v3'],
    ['https://[2001:db8::1]:444', 'https://[2001:db8::1]:444/api/v3'],
  ])('reads %j as %s', (text, base) => {
    expect(parseServer(text).href).toBe(base);
  });

  it.each([
    '',
    '   ',
    'ftp://www.virustotal.com',
    'file:///etc/passwd',
    'https://',
    'https://user:secret@www.virustotal.com',
    'user@www.virustotal.com',
    'https://www.virustotal.com/?x=1',
    'https://www.virustotal.com/#x',
    'https://www.virus total.com',
    'https://www.virustotal.com:99999',
  ])('refuses %j without quoting it', (text) => {
    expect(() => parseServer(text)).toThrow(
      /^the server URL must be an http or https address without credentials, query and fragment/,
    );
    expect(() => parseServer(text)).not.toThrow(/secret/);
  });
});

describe('checkUploadUrl', () => {
  const server = parseServer('https://proxy.example.com/vt');

  it.each([
    'https://proxy.example.com/upload/1',
    'https://bigfiles.proxy.example.com/upload/1',
    'https://www.virustotal.com/_ah/upload/1/',
    'https://bigfiles.virustotal.com/upload?x=1',
    'https://VIRUSTOTAL.com/upload',
  ])('takes %s', (target) => {
    expect(checkUploadUrl(target, server).href).toBe(new URL(target).href);
  });

  it.each([
    'https://evil.example/upload',
    'https://example.com/upload',
    'https://notvirustotal.com/upload',
    'https://virustotal.com.evil.example/upload',
    'https://evil.example/virustotal.com',
    'https://evil.example\\@www.virustotal.com/',
    'https://evil.example#.virustotal.com',
    'http://www.virustotal.com/upload',
    'https://user:pw@www.virustotal.com/upload',
    'https://www.virustotal.com@evil.example/upload',
    'ftp://www.virustotal.com/upload',
    '//www.virustotal.com/upload',
    '/upload',
    '',
  ])('refuses %s', (target) => {
    expect(() => checkUploadUrl(target, server)).toThrow(UpstreamError);
    expect(() => checkUploadUrl(target, server)).toThrow(/nothing was sent$/);
    expect(() => checkUploadUrl(target, server)).not.toThrow(/evil|pw/);
  });

  it('takes http only when the server itself is http', () => {
    const local = parseServer('http://127.0.0.1:9000');
    expect(checkUploadUrl('http://127.0.0.1:9000/u', local).port).toBe('9000');
    expect(() => checkUploadUrl('http://127.0.0.2:9000/u', local)).toThrow(UpstreamError);
  });

  it.each([
    ['https://vt.example:8443', 'https://vt.example:8443/u', true],
    ['https://vt.example:8443', 'https://up.vt.example:8443/u', true],
    ['https://vt.example:8443', 'https://up.vt.example/u', true],
    ['https://vt.example:8443', 'https://www.virustotal.com/u', true],
    ['https://vt.example:8443', 'https://vt.example/u', false],
    ['https://vt.example:8443', 'https://vt.example:8444/u', false],
    ['https://vt.example:8443', 'https://up.vt.example:8444/u', false],
    ['https://vt.example:8443', 'https://www.virustotal.com:8443/u', false],
    ['https://vt.example', 'https://vt.example:443/u', true],
    ['https://vt.example', 'https://vt.example:8443/u', false],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9001/u', false],
    ['http://127.0.0.1:9000', 'https://127.0.0.1/u', false],
  ])('with the server %s, takes the port of %s: %s', (base, target, isTaken) => {
    const check = () => checkUploadUrl(target, parseServer(base)).href;
    if (isTaken) expect(check()).toBe(new URL(target).href);
    else expect(check).toThrow(/with port .*, which is not the server's; nothing was sent$/);
  });
});
