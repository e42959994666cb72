import type { ExternalResources, LocalStack } from '@local/cloud';

/** Lists the secret, buckets and buses that the stack imports: its functions' environment or its notifications name them. */
export function externalResources({
  functions,
  secrets,
  buckets,
  buses,
  notifications,
}: LocalStack): ExternalResources {
  const valuesOf = (variable: string) => [
    ...new Set(functions.flatMap(({ environment }) => environment[variable] ?? [])),
  ];
  return {
    secrets: valuesOf('VIRUSTOTAL_API_KEY_SECRET_ARN')
      .filter((arn) => !secrets.some((secret) => secret.arn === arn))
      .map((arn) => ({ arn, name: arn.split(':').slice(6).join(':') })),
    buckets: [
      ...new Set([...valuesOf('UPLOAD_BUCKET'), ...notifications.map(({ bucket }) => bucket)]),
    ].filter((name) => !buckets.some((own) => own.name === name)),
    buses: valuesOf('EVENT_BUS_NAME').filter((name) => !buses.some((own) => own.name === name)),
  };
}
