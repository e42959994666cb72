/** Resolves the references of a template, as CloudFormation does. */
import { isRecord } from '../json.ts';
import { ownValue } from '../own-value.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import type { Template } from './assembly.ts';
import type { Identity } from './identity.ts';
import { applyIntrinsic, intrinsicOf, type Lookup, NO_VALUE } from './intrinsics.ts';
import { uuidFrom } from './physical-name.ts';
import { inertTypes, knownTypes } from './resource-identities.ts';
import { UnsupportedTemplateError } from './unsupported.ts';

/** A resource with its properties resolved. */
export interface ResolvedResource extends Identity {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Pseudo parameters, except those of the stack. */
const pseudo: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': LOCAL_ACCOUNT,
  'AWS::Region': LOCAL_REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NotificationARNs': [],
  'AWS::NoValue': NO_VALUE,
};

export class Resolver implements Lookup {
  readonly #template: Template;
  readonly #stackName: string;
  readonly #identities = new Map<string, Identity>();
  /** Resources whose identity is being resolved, to detect circular references. */
  readonly #pending = new Set<string>();

  /** @throws UnsupportedTemplateError that lists all resources of unsupported types */
  constructor(template: Template, stackName: string) {
    this.#template = template;
    this.#stackName = stackName;
    const unknown = Object.entries(template.Resources).filter(([, { Type }]) => !identify(Type));
    if (unknown.length > 0) {
      const list = unknown.map(([logicalId, { Type }]) => `${logicalId} (${Type})`);
      throw new UnsupportedTemplateError(
        `The local run does not support the types of these resources: ${list.join(', ')}.`,
      );
    }
  }

  /** Lists the resources of the given types, in the template's order. */
  resources(...types: readonly string[]): ResolvedResource[] {
    return Object.entries(this.#template.Resources)
      .filter(([, { Type }]) => types.includes(Type))
      .map(([logicalId, { Type, Properties = {}, Metadata = {} }]) => {
        const properties = this.#within(logicalId, () => this.resolve(Properties));
        const identity = this.#identity(logicalId);
        return {
          ...identity,
          logicalId,
          type: Type,
          properties: isRecord(properties) ? properties : {},
          metadata: Metadata,
        };
      });
  }

  /** Lists all resources with the value of their `Ref`, which is CloudFormation's physical id. */
  allResources(): { logicalId: string; type: string; physicalId: string }[] {
    return Object.entries(this.#template.Resources).map(([logicalId, { Type: type }]) => ({
      logicalId,
      type,
      physicalId: this.#identity(logicalId).ref,
    }));
  }

  outputs(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.#template.Outputs ?? {}).map(([name, { Value }]) => [
        name,
        this.#within(`output ${name}`, () => String(this.resolve(Value))),
      ]),
    );
  }

  /**
   * Resolves a value at any depth, and omits `AWS::NoValue`.
   *
   * @throws UnsupportedTemplateError for an unresolvable reference or an unsupported function
   */
  resolve(value: unknown): unknown {
    if (typeof value === 'string') return withoutDynamicReference(value);
    if (Array.isArray(value)) {
      return value.map((item) => this.resolve(item)).filter((item) => item !== NO_VALUE);
    }
    if (!isRecord(value)) return value;
    const intrinsic = intrinsicOf(value);
    if (intrinsic) return applyIntrinsic(intrinsic, this);
    const entries = Object.entries(value).map(([key, item]) => [key, this.resolve(item)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
  }

  ref(name: string): unknown {
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    if (name === 'AWS::StackName') return this.#stackName;
    if (name === 'AWS::StackId') {
      const path = `${this.#stackName}/${uuidFrom(this.#stackName)}`;
      return `arn:aws:cloudformation:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stack/${path}`;
    }
    const parameter = ownValue(this.#template.Parameters ?? {}, name);
    if (!parameter) return this.#identity(name).ref;
    if (parameter.Default === undefined || parameter.Type.startsWith('AWS::SSM::')) {
      throw new UnsupportedTemplateError(`the parameter ${name} has no value in the local run`);
    }
    return parameter.Default;
  }

  attribute(logicalId: string, name: string): unknown {
    const { attributes } = this.#identity(logicalId);
    const value = ownValue(attributes, name);
    if (value !== undefined) return value;
    const supported = Object.keys(attributes).join(', ') || 'none';
    throw new UnsupportedTemplateError(
      `the local run does not support the attribute ${name} of ${logicalId} (supported: ${supported})`,
    );
  }

  #identity(logicalId: string): Identity {
    const known = this.#identities.get(logicalId);
    if (known) return known;
    const resource = ownValue(this.#template.Resources, logicalId);
    const make = resource && identify(resource.Type);
    if (!make)
      throw new UnsupportedTemplateError(`the template has no resource or parameter ${logicalId}`);
    if (this.#pending.has(logicalId)) {
      throw new UnsupportedTemplateError(`the name of ${logicalId} depends on itself`);
    }
    this.#pending.add(logicalId);
    const text = (property: string) => {
      const value = this.resolve(resource.Properties?.[property]);
      return value === undefined || value === NO_VALUE ? undefined : String(value);
    };
    const identity = make({ logicalId, stackName: this.#stackName, text });
    this.#pending.delete(logicalId);
    this.#identities.set(logicalId, identity);
    return identity;
  }

  /** Adds to an error what was being resolved. */
  #within<T>(what: string, resolve: () => T): T {
    try {
      return resolve();
    } catch (cause) {
      if (!(cause instanceof UnsupportedTemplateError)) throw cause;
      throw new UnsupportedTemplateError(`${what}: ${cause.message}`, { cause });
    }
  }
}

function identify(type: string) {
  return knownTypes.get(type) ?? inertTypes.get(type);
}

/** Refuses `{{resolve:...}}`, which CloudFormation replaces with secrets and SSM parameters. */
function withoutDynamicReference(text: string): string {
  const [reference] = /\{\{resolve:[^}]*\}\}/.exec(text) ?? [];
  if (reference === undefined) return text;
  throw new UnsupportedTemplateError(
    `the local run does not support dynamic references: ${reference}`,
  );
}
