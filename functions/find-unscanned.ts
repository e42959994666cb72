/** Finds objects without a verdict: the steps `Check input` and `FindUnscanned` of `ScanExisting`. */
import { directHandler } from '../shared/lambda/direct-handler.ts';
import { findUnscanned } from '../shared/uploads/sweep/find-unscanned.ts';
import { findUnscannedInput } from '../shared/uploads/sweep/sweep-schema.ts';
import { createSweepServices } from '../shared/uploads/sweep/sweep-services.ts';

const services = createSweepServices(process.env);

export const handler = directHandler(
  { name: 'find_unscanned', input: findUnscannedInput },
  (request, limits) => findUnscanned(services, request, limits),
);
