import { expect, it } from 'vitest';
import { redact } from '../../../shared/virustotal/redact.ts';
import { KEY } from './harness.ts';

it.each([
  ['as it is', KEY],
  ['in upper case', KEY.toUpperCase()],
  ['as base64', Buffer.from(KEY).toString('base64')],
  ['as base64url', Buffer.from(KEY).toString('base64url')],
  ['parted by control characters', `${KEY.slice(0, 20)}\u0000\n${KEY.slice(20)}`],
  ['parted by an invisible character', `${KEY.slice(0, 20)}\u200b${KEY.slice(20)}`],
])('removes the key %s', (_, form) => {
  expect(redact(`Wrong API key: ${form}.`, KEY)).toBe('Wrong API key: [redacted].');
});

it.each([1, 2, 3, 9])('removes the key in Base64 with %i bytes before it', (before) => {
  const text = Buffer.from(`${'x'.repeat(before)}${KEY}:password`).toString('base64');
  const redacted = redact(`Bad credentials ${text}.`, KEY);
  expect(redacted).toMatch(/^Bad credentials [\w+/]*\[redacted\][\w+/]*=*\.$/);
  // What is left decodes to what stood around the key, and at most some bits of its ends.
  expect(redacted.length).toBeLessThan(60);
});

it('takes nothing out of a text for the Base64 of a short secret', () => {
  expect(redact('a quite common text', 'key')).toBe('a quite common text');
});

it('removes every occurrence, also percent-encoded, and takes the key for no pattern', () => {
  const key = 'a+b/c=(d)[e]*';
  expect(redact(`${key} and a%2bb%2Fc%3D(d)%5be%5D* and aab`, key)).toBe(
    '[redacted] and [redacted] and aab',
  );
});

it('replaces what cannot be printed by a space', () => {
  expect(redact('one\r\ntwo\u001b[31m\u2028three\u202efour', KEY)).toBe('one two [31m three four');
});
