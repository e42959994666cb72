/** A stack with defects that were put into its template and bundles. */
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TemplateJson } from '../infra/synthesise.ts';
import { startTestStack, type TestStack, type TestStackOptions } from './running-stack.ts';
import { testAssembly } from './test-assembly.ts';

/** A defect: changes the template, or wraps the handler of a function. */
export interface Defect {
  /** For people. */
  readonly what: string;
  /** Id of the check that has to name it, and what its failure says. */
  readonly check: string;
  readonly says: RegExp;
  /** Checks that fail because of it, too. */
  readonly also?: readonly string[];
  readonly template?: (resources: TemplateJson, outputs: TemplateJson) => void;
  /** Function (as in its logical id), and the source of a function that gets the handler and returns another. */
  readonly wrap?: readonly [name: string, source: string];
}

/** Starts the stack with the defects. */
export async function startBrokenStack(
  defects: readonly Defect[],
  options: TestStackOptions = {},
): Promise<TestStack> {
  const assembly = await testAssembly();
  // Bundles find their external packages from here.
  const directory = await mkdtemp(join(assembly, '../broken-'));
  try {
    await cp(assembly, directory, { recursive: true });
    await breakAssembly(directory, defects);
    const stack = await startTestStack({
      isTriggered: true,
      checksAccess: true,
      ...options,
      directory,
    });
    return {
      ...stack,
      async close() {
        await stack.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function breakAssembly(directory: string, defects: readonly Defect[]): Promise<void> {
  const name = (await readdir(directory)).find((file) => file.endsWith('.template.json')) ?? '';
  const path = join(directory, name);
  const template = JSON.parse(await readFile(path, 'utf8'));
  for (const { what, template: change, wrap } of defects) {
    const before = JSON.stringify(template);
    change?.(template.Resources, template.Outputs);
    if (change && JSON.stringify(template) === before) throw new Error(`${what}: changed nothing`);
    if (wrap) await wrapHandler(directory, template.Resources, ...wrap);
  }
  await writeFile(path, JSON.stringify(template));
}

async function wrapHandler(
  directory: string,
  resources: TemplateJson,
  name: string,
  source: string,
): Promise<void> {
  const fn = resourceLike(resources, 'AWS::Lambda::Function', `${name}Function`);
  const bundle = join(directory, fn.Metadata['aws:asset:path']);
  await rename(join(bundle, 'index.mjs'), join(bundle, 'whole.mjs'));
  const wrapper = `import { handler as whole } from './whole.mjs';\nexport const handler = (${source})(whole);\n`;
  await writeFile(join(bundle, 'index.mjs'), wrapper);
}

/** Finds a resource by its type and a part of its logical id. */
export function resourceLike(resources: TemplateJson, type: string, part: string): TemplateJson {
  const [found, ...others] = Object.entries(resources).filter(
    ([id, resource]) => resource.Type === type && id.includes(part),
  );
  if (!found || others.length > 0) throw new Error(`${others.length + 1} resources like ${part}`);
  return found[1];
}

/** Takes actions away from the policies of a role. @param part - of the policy's logical id */
export function withoutActions(resources: TemplateJson, part: string, actions: RegExp): void {
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (Type !== 'AWS::IAM::Policy' || !id.includes(part)) continue;
    const { PolicyDocument: document } = Properties;
    document.Statement = document.Statement.flatMap((statement: TemplateJson) => {
      const left = [statement.Action].flat().filter((action: string) => !actions.test(action));
      return left.length > 0 ? [{ ...statement, Action: left }] : [];
    });
  }
}

/** Returns the API's OpenAPI document. */
export function apiBody(resources: TemplateJson): TemplateJson {
  return resourceLike(resources, 'AWS::ApiGateway::RestApi', 'RestApi').Properties.Body;
}
