import { describe, expect, test } from 'vitest';
import { parseStartOptions, startHelp } from '../../../../infra/local/cli/options.ts';

const defaults = {
  port: 3000,
  awsPort: 4566,
  virusTotalPort: 0,
  once: false,
  live: false,
  speed: 1,
  quota: 240,
  sign: false,
  context: {},
};

describe('parseStartOptions', () => {
  test.each([
    [[], defaults],
    [['--once'], { ...defaults, once: true, port: 0, awsPort: 0 }],
    [['--once', '--port', '8080'], { ...defaults, once: true, port: 8080, awsPort: 0 }],
    [['--live'], { ...defaults, live: true }],
    [['--sign'], { ...defaults, sign: true }],
    [['--quota', '4'], { ...defaults, quota: 4 }],
    [['--speed=60', '--aws-port', '0'], { ...defaults, speed: 60, awsPort: 0 }],
    [
      ['-c', 'tier=premium', '-c', 'serverUrl=http://127.0.0.1:8080/?a=b'],
      { ...defaults, context: { tier: 'premium', serverUrl: 'http://127.0.0.1:8080/?a=b' } },
    ],
  ])('reads %j', (args, expected) => {
    expect(parseStartOptions(args)).toEqual(expected);
  });

  test.each([[['--help']], [['-h']], [['--once', '--help']]])('asks for help with %j', (args) => {
    expect(parseStartOptions(args)).toBe('help');
  });

  test.each([
    [['--port', 'http'], '--port: got "http"; expected a whole number from 0 to 65535'],
    [['--port', '65536'], '--port: got "65536"; expected a whole number from 0 to 65535'],
    [['--speed', '0'], '--speed: got "0"; expected a whole number from 1 to 1000'],
    [['--speed', '1e3'], '--speed: got "1e3"; expected a whole number from 1 to 1000'],
    [['-c', 'tier'], '-c: got "tier"; expected name=value'],
    [['-c', '=x'], '-c: got "=x"; expected name=value'],
    [['--quota', '0'], '--quota: got "0"; expected a whole number from 1 to 100000'],
    [['--port', '8080', '--aws-port', '8080'], 'got port 8080 twice; expected different ports'],
    [
      ['--live', '--virustotal-port', '8080'],
      '--virustotal-port applies to the simulator; it cannot be used with --live',
    ],
    [['--live', '--quota', '4'], '--quota applies to the simulator; it cannot be used with --live'],
    [['--live', '--speed', '2'], '--speed applies to the simulator; it cannot be used with --live'],
  ])('refuses %j', (args, message) => {
    expect(() => parseStartOptions(args)).toThrow(message);
  });

  test.each([[['--fast']], [['eicar.com']]])('refuses %j and quotes it', (args) => {
    expect(() => parseStartOptions(args)).toThrow(args[0]);
  });

  test('describes every option in the help', () => {
    for (const option of [
      '--once',
      '--live',
      '--port',
      '--aws-port',
      '--virustotal-port',
      '--speed',
      '--quota',
      '--sign',
      '-c',
      '--help',
    ]) {
      expect(startHelp).toContain(option);
    }
  });
});
