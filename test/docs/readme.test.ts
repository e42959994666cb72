/** The tables and lists of README and CONTRIBUTING say what the code says. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseContext } from '../../infra/config.ts';
import { startHelp } from '../../infra/local/cli/options.ts';
import { errorTable } from '../../shared/errors.ts';
import { operations } from '../../shared/operations/catalogue.ts';
import { STARTUP_MS } from '../support/running-stack.ts';
import { testAssembly } from '../support/test-assembly.ts';
import { contextNames } from './context-names.ts';
import { codeBlocksOf, codeSpansOf, readText, root, tableOf } from './markdown.ts';

const readme = readText('README.md');
const contributing = readText('CONTRIBUTING.md');
const blocks = codeBlocksOf(readme);

/** The stack's outputs. */
async function outputNames(): Promise<string[]> {
  const path = join(await testAssembly(), 'VirusTotalConnector.template.json');
  const template = JSON.parse(readText(path));
  return Object.keys(template.Outputs);
}

describe('the first commands', () => {
  const first = blocks.filter(({ info, text }) => info === 'sh' && text.startsWith('npm ci'));

  it('are one that runs the connector and one that runs the tests', () => {
    expect(first.map(({ text }) => text.trim())).toEqual([
      'npm ci && npm start',
      'npm ci && npm test',
    ]);
  });
});

it('the operations are those of the catalogue, with their routes', () => {
  const rows = tableOf(readme, 'operation').map(([name = '', http = '']) => {
    const [method, path = ''] = http.replaceAll('`', '').split(/[ ?]/);
    return [name, method, path.replace(/\{.*/, '{}')];
  });
  expect(rows).toEqual(
    operations.map(({ name, route: { method, path } }) => [
      `\`${name}\``,
      method,
      path.replace(/\{.*/, '{}'),
    ]),
  );
});

it('the errors have their statuses, and say whether a retry can help', () => {
  const rows = tableOf(readme, 'name').map((cells) => cells.slice(0, 3));
  const expected = Object.entries(errorTable).map(([name, { status, retryable }]) => [
    `\`${name}\``,
    String(status),
    retryable ? 'yes' : 'no',
  ]);
  expect(rows).toEqual(expected);
});

it('the configuration has each name, with its default', () => {
  const found = tableOf(readme, 'context').map(([name = '', value = '']) => [
    name.replaceAll('`', ''),
    // Words stand where the stack makes or leaves out something.
    value.startsWith('`') ? value.replaceAll('`', '') : null,
  ]);
  const expected = Object.entries(defaultsOfContext()).map(([name, value]) => [
    name,
    value === undefined || Array.isArray(value) ? null : String(value),
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  expect(found).toHaveLength(expected.length);
});

/** Every name, also those without a default. */
function defaultsOfContext(): Record<string, unknown> {
  const defaults: Readonly<Record<string, unknown>> = { ...parseContext({}) };
  return Object.fromEntries(contextNames().map((name) => [name, defaults[name]]));
}

describe('the outputs', () => {
  it(
    'are those of the stack',
    async () => {
      const named = tableOf(readme, 'output').flatMap(([cell = '']) => codeSpansOf(cell));
      expect(new Set(named)).toEqual(
        new Set([...(await outputNames()), 'QuarantineBucketName', 'ApiKeyId']),
      );
    },
    STARTUP_MS,
  );

  it('include every placeholder of a command for AWS', async () => {
    const commands = blocks.filter(({ info }) => info === 'sh aws').map(({ text }) => text);
    const placeholders = Array.from(commands.join('').matchAll(/<(\w+)>/g), ([, name]) => name);
    expect(placeholders.length).toBeGreaterThan(0);
    expect(await outputNames()).toEqual(expect.arrayContaining(placeholders));
  });

  it('include every playbook', async () => {
    const named = tableOf(readme, 'playbook').flatMap(([cell = '']) => codeSpansOf(cell));
    const suffix = 'StateMachineArn';
    const playbooks = (await outputNames()).filter((name) => name.endsWith(suffix));
    expect(new Set(named.map((name) => name + suffix))).toEqual(new Set(playbooks));
  });
});

it('the options of npm start are those of its help, with their defaults', () => {
  const options = Array.from(
    startHelp.matchAll(/^ {2}(-[\w-]+(?: N| name=value)?) {2,}/gm),
    ([, option]) => option,
  );
  const rows = tableOf(readme, 'option');
  expect(rows.map(([option = '']) => option.replaceAll('`', ''))).toEqual(options);
  for (const [option = '', effect = ''] of rows) {
    const [, value] = /\(default (\d+)/.exec(effect) ?? [];
    const [, documented = ''] = startHelp.split(`  ${option.replaceAll('`', '')} `);
    const [text = ''] = documented.split(/\n {2}-/);
    if (value !== undefined) expect(text, option).toContain(`default ${value}`);
  }
});

it('the layout names folders that exist', () => {
  const layout = blocks.find(({ heading }) => heading === 'Layout')?.text ?? '';
  let parent = '';
  const folders = layout.split('\n').flatMap((line) => {
    const names = line.match(/^(?: *(?:\w+\/) *)+/)?.[0].match(/\w+\//g) ?? [];
    if (line.startsWith(' ')) return names.map((name) => parent + name);
    parent = names[0] ?? '';
    return names;
  });
  expect(folders.length).toBeGreaterThan(10);
  expect(folders.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
});

it('CONTRIBUTING lists every script of package.json', () => {
  const scripts = Object.keys(JSON.parse(readText('package.json')).scripts);
  const named = tableOf(contributing, 'script').flatMap(([cell = '']) =>
    codeSpansOf(cell).map((command) => command.replace(/^npm (?:run )?(\S+).*/, '$1')),
  );
  expect(new Set(named)).toEqual(new Set(scripts));
});
