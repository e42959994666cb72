/** Which answers may be kept: none of an analysis that is running. */
import type { Keepable } from './answer-cache.ts';
import type { AnalysisObject, FileObject, UrlObject } from './answers/index.ts';

/** An IP address or a domain. */
export function always({
  lastAnalysisDate,
}: {
  readonly lastAnalysisDate: number | null;
}): Keepable {
  return { isFound: true, analysedAt: lastAnalysisDate };
}

/** A file or URL; without date and results its first analysis is running. */
export function ifAnalysed(object: FileObject | UrlObject): Keepable | null {
  const isRunning = object.lastAnalysisDate === null && object.results.total === 0;
  return isRunning ? null : always(object);
}

/** An analysis. */
export function ifCompleted({ isCompleted, date }: AnalysisObject): Keepable | null {
  return isCompleted ? { isFound: true, analysedAt: date } : null;
}
