/** The names, ids and ARNs by which a template refers to a resource. */
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { idFrom, type NameRule, physicalName } from './physical-name.ts';

/** The values of a resource's references. */
export interface Identity {
  /** Value of `Ref`. */
  readonly ref: string;
  /** Name or id in the service. */
  readonly name: string;
  /** Values of `Fn::GetAtt`, by attribute. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A resource before its identity is known. */
export interface Unidentified {
  readonly logicalId: string;
  readonly stackName: string;
  /** Returns a resolved property as text; undefined if the template does not set it. */
  text(property: string): string | undefined;
}

/** Derives the identity of a resource of one type. */
export type Identify = (resource: Unidentified) => Identity;

/** ARN of a resource of the local account. */
export function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;
}

/** The name that the template sets, or a generated one. */
export function nameOf(resource: Unidentified, property: string, rule: NameRule): string {
  const { stackName, logicalId } = resource;
  return resource.text(property) ?? physicalName(stackName, logicalId, rule);
}

/** Identifies a type by its name, with an ARN. */
export function named(
  property: string,
  maxLength: number,
  toArn: (name: string) => string,
): Identify {
  return (resource) => {
    const name = nameOf(resource, property, { maxLength });
    return { ref: name, name, attributes: { Arn: toArn(name) } };
  };
}

/** Identifies a type by an id that the service generates. */
export function withId(attribute: string, length = 10): Identify {
  return ({ stackName, logicalId }) => {
    const id = idFrom(`${stackName}/${logicalId}`, length);
    return { ref: id, name: id, attributes: { [attribute]: id } };
  };
}
