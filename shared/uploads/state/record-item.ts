/** The record of one object version in the state table. */
import type { Attributes } from '../../aws/table/attributes.ts';

/** A step whose first result is kept, so that a retry has the same one. */
export type StepName = 'tags' | 'quarantine';

/** A record that this attempt or an earlier one has begun. */
export interface BegunRecord {
  readonly id: string;
  /** What is recorded: the decision of this attempt or of an earlier one, JSON. */
  readonly decision: string;
  readonly decisionId: string;
  /** Whether all steps are done. */
  readonly isRecorded: boolean;
  /** Until when attempts may work on it, epoch milliseconds. */
  readonly until: number;
  /** Results of the steps that are done, JSON. */
  readonly results: Readonly<Partial<Record<StepName, string>>>;
}

/** Reads an item; missing attributes count as unknown. */
export function readRecord(id: string, item: Attributes): BegunRecord {
  const { tags, quarantine } = item;
  return {
    id,
    decision: item.decision?.S ?? '',
    decisionId: item.decisionId?.S ?? '',
    isRecorded: item.phase?.S === 'recorded',
    until: Number(item.recordingUntil?.N ?? 0),
    results: {
      ...(tags?.S !== undefined && { tags: tags.S }),
      ...(quarantine?.S !== undefined && { quarantine: quarantine.S }),
    },
  };
}
