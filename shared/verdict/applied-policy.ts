/** From a policy to the rules that hold for one type of indicators. */

import type { PolicyObject, VerdictPolicy } from './policy-schema.ts';
import { type IndicatorType, presets } from './presets.ts';
import type { AppliedPolicy } from './verdict-schema.ts';

type Threshold = NonNullable<NonNullable<PolicyObject['file']>['malicious']>;

/**
 * The rules of a policy for a type of indicators: a threshold that is given replaces the preset's whole.
 *
 * @param policy - a preset's name, or an object
 * @param type - of the indicator that is judged
 */
export function appliedPolicy(policy: VerdictPolicy, type: IndicatorType): AppliedPolicy {
  const given: PolicyObject =
    typeof policy === 'string' ? { name: policy, preset: policy } : policy;
  const base = presets[given.preset ?? 'balanced'][type];
  const rules = given[type];
  return {
    name: given.name ?? 'custom',
    malicious: rules?.malicious ? written(rules.malicious) : base.malicious,
    suspicious: rules?.suspicious ? written(rules.suspicious) : base.suspicious,
    trust: rules?.trust ?? [],
    ignore: rules?.ignore ?? [],
    veto: rules?.veto ?? [],
  };
}

function written({ count, percent }: Threshold): AppliedPolicy['malicious'] {
  return { count: count ?? null, percent: percent ?? null };
}
