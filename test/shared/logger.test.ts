import { describe, expect, test } from 'vitest';
import { createLogger } from '../../shared/logger.ts';

function lines(lowest?: string) {
  const written: string[] = [];
  const logger = createLogger(
    (line) => written.push(line),
    lowest,
    () => Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  );
  return { logger, written };
}

describe('the logger', () => {
  test('writes one JSON object a line, with level and timestamp as Lambda filters by them', () => {
    const { logger, written } = lines();
    logger.info('operation finished', { operation: 'ip_reputation', text: 'two\nlines' });
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(JSON.parse(written[0] ?? '')).toEqual({
      level: 'INFO',
      timestamp: '2026-01-02T03:04:05.006Z',
      message: 'operation finished',
      operation: 'ip_reputation',
      text: 'two\nlines',
    });
  });

  test('describes an error and its causes', () => {
    const { logger, written } = lines();
    const cause = new TypeError('inner');
    logger.error('operation failed', { error: new Error('outer', { cause }) });
    expect(JSON.parse(written[0] ?? '').error).toMatchObject({
      name: 'Error',
      message: 'outer',
      stack: expect.stringContaining('logger.test.ts'),
      cause: { name: 'TypeError', message: 'inner' },
    });
  });

  test('leaves out what a caller gave, and URLs', () => {
    const { logger, written } = lines();
    const cause = new Error('GET hxxps[:]//evil.example.com/x failed, see file:///code.js');
    const said =
      'url: got "evil.example.com/\\"x\\"\\n" (it is odd); VirusTotal: http://evil.example.com/y z';
    logger.warn('operation failed', { error: new Error(said, { cause }) });
    const { error } = JSON.parse(written[0] ?? '');
    expect(error.message).toBe('url: got "[left out]" (it is odd); VirusTotal: [URL left out] z');
    expect(error.cause.message).toBe('GET [URL left out] failed, see file:///code.js');
    expect(error.stack).toContain('logger.test.ts');
    expect(written[0]).not.toContain('evil');
  });

  test('ends with causes that go round in a circle', () => {
    const { logger, written } = lines();
    const error = new Error('round');
    error.cause = error;
    logger.error('operation failed', { error });
    expect(written[0]?.match(/"round"/g)).toHaveLength(5);
  });

  test.each([
    ['info', ['INFO', 'WARN', 'ERROR']],
    ['WARN', ['WARN', 'ERROR']],
    ['debug', ['DEBUG', 'INFO', 'WARN', 'ERROR']],
    ['no level', ['DEBUG', 'INFO', 'WARN', 'ERROR']],
  ])('from %s on writes %j', (lowest, expected) => {
    const { logger, written } = lines(lowest);
    for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]('line');
    expect(written.map((line) => JSON.parse(line).level)).toEqual(expected);
  });
});
