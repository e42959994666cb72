/** What the stack imports instead of creating: the local run has to have it as well. */
import type { LocalStack } from '../template/load-assembly.ts';

/** A secret that the functions read and the stack does not create. */
export interface ImportedSecret {
  readonly name: string;
  readonly arn: string;
}

/** Secrets that the functions' environment names. */
export function importedSecrets({ functions, secrets }: LocalStack): ImportedSecret[] {
  const arns = functions.map(({ environment }) => environment.VIRUSTOTAL_API_KEY_SECRET_ARN);
  const foreign = new Set(arns.filter((arn) => !secrets.some((secret) => secret.arn === arn)));
  return [...foreign].flatMap((arn) =>
    arn === undefined ? [] : [{ arn, name: arn.split(':').slice(6).join(':') }],
  );
}

/** Buckets that the functions' environment names. */
export function importedBuckets({ functions, buckets }: LocalStack): string[] {
  const names = functions.flatMap(({ environment }) => environment.UPLOAD_BUCKET ?? []);
  return [...new Set(names)].filter((name) => !buckets.some((bucket) => bucket.name === name));
}

/** Event buses that the functions' environment names. */
export function importedBuses({ functions, buses }: LocalStack): string[] {
  const names = functions.flatMap(({ environment }) => environment.EVENT_BUS_NAME ?? []);
  return [...new Set(names)].filter((name) => !buses.some((bus) => bus.name === name));
}
