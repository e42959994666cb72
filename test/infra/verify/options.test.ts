import { describe, expect, it } from 'vitest';
import { checks } from '../../../infra/verify/checks/all.ts';
import { parseVerifyOptions, verifyHelp } from '../../../infra/verify/options.ts';

/** Parsed options; not `help` or `list`. */
function parsed(...args: readonly string[]) {
  const options = parseVerifyOptions(args);
  if (typeof options === 'string') throw new Error(`got ${options}`);
  return options;
}

const idsOf = (...args: readonly string[]) => parsed(...args).checks.map(({ id }) => id);

describe('the command line', () => {
  it('runs reads, lookups and removed objects unless flags ask for more', () => {
    const classes = new Set(parsed().checks.map((check) => check.class));
    expect([...classes].sort()).toEqual(['lookup', 'object']);
    expect(parsed()).toMatchObject({ stack: 'VirusTotalConnector', local: false, suffix: '.com' });
  });

  it('runs a named check with those that it needs, in their order', () => {
    expect(idsOf('--only', 'scan-tags', '--only', 'outputs')).toEqual([
      'outputs',
      'scan',
      'scan-tags',
    ]);
  });

  it('asks for help or the list', () => {
    expect(parseVerifyOptions(['--help', '--local'])).toBe('help');
    expect(parseVerifyOptions(['--list'])).toBe('list');
  });

  it.each([
    [['--only', 'tags'], /--only: got "tags"; expected one of outputs, secret,/],
    [['--local', '--stack', 'Mine'], /--stack cannot be used with --local/],
    [['--local', '--region=eu-central-1'], /--region cannot be used with --local/],
    [['--port', '3000'], /--port needs --local/],
    [['--stack', '-x'], /--stack/],
    [['--stack', '9'], /--stack: got "9"; expected the name of a stack/],
    [['--fast'], /'--fast'.*allowed are --stack, --region/],
    [['extra'], /extra/],
  ])('refuses %j', (args, message) => {
    expect(() => parseVerifyOptions(args)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(message) }),
    );
  });

  it('describes every option', () => {
    for (const option of ['--local', '--submit', '--large', '--bucket', '--only', '--json']) {
      expect(verifyHelp).toContain(option);
    }
  });
});

describe('the checks', () => {
  it('have unique ids, and need only checks before them', () => {
    const ids = checks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [index, { needs = [] }] of checks.entries()) {
      for (const id of needs) expect(ids.slice(0, index)).toContain(id);
    }
  });

  it('say what they prove in a sentence, and what they break if they break something', () => {
    for (const check of checks) {
      expect(check.proves).toMatch(/\.$/);
      expect(check.breaks === undefined).toBe(check.class !== 'breaking');
    }
  });
});
