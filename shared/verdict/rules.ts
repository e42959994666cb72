/** Derives from a policy the rules for one type of indicator. */
import type { IndicatorType } from '../indicators/indicator-type.ts';
import type { PolicyObject, VerdictPolicy } from './policy-schema.ts';
import { presets } from './presets.ts';
import type { AppliedPolicy } from './verdict-schema.ts';

type PolicyThreshold = NonNullable<NonNullable<PolicyObject['file']>['malicious']>;

/**
 * Returns the rules of a policy for a type of indicator. A threshold of the policy replaces the preset's
 * completely.
 *
 * @param policy - name of a preset, or a policy object
 * @param type - type of the indicator
 */
export function rulesFor(policy: VerdictPolicy, type: IndicatorType): AppliedPolicy {
  const object: PolicyObject =
    typeof policy === 'string' ? { name: policy, preset: policy } : policy;
  const preset = presets[object.preset ?? 'balanced'][type];
  const rules = object[type];
  return {
    name: object.name ?? 'custom',
    malicious: rules?.malicious ? withNulls(rules.malicious) : preset.malicious,
    suspicious: rules?.suspicious ? withNulls(rules.suspicious) : preset.suspicious,
    trust: rules?.trust ?? [],
    ignore: rules?.ignore ?? [],
    veto: rules?.veto ?? [],
  };
}

function withNulls({ count, percent }: PolicyThreshold): AppliedPolicy['malicious'] {
  return { count: count ?? null, percent: percent ?? null };
}
