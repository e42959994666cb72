import { expect, it } from 'vitest';
import { propertiesOf, synthesise } from '../synthesise.ts';

const accessLog = { DestinationArn: expect.anything(), Format: expect.any(String) };

it.each([
  { apiAccessLog: 'off', roles: 0, log: undefined },
  { apiAccessLog: 'existing-role', roles: 0, log: accessLog },
  { apiAccessLog: 'create-role', roles: 1, log: accessLog },
])(
  '$apiAccessLog: $roles roles for the account',
  ({ apiAccessLog, roles, log }) => {
    const { template } = synthesise({ apiAccessLog });
    template.resourceCountIs('AWS::ApiGateway::Account', roles);
    expect(propertiesOf(template, 'AWS::ApiGateway::Stage').AccessLogSetting).toEqual(log);
  },
  180_000,
);

it('the stage waits for the role, without which API Gateway refuses it', () => {
  const { template } = synthesise({ apiAccessLog: 'create-role' });
  const [account] = Object.keys(template.findResources('AWS::ApiGateway::Account'));
  const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
  expect([stage?.DependsOn].flat()).toContain(account);
}, 180_000);

it('the log has no indicators', () => {
  const { template } = synthesise({ apiAccessLog: 'existing-role' });
  const { Format } = propertiesOf(template, 'AWS::ApiGateway::Stage').AccessLogSetting;
  expect(JSON.parse(Format)).toMatchObject({ resourcePath: '$context.resourcePath' });
  expect(Format).not.toMatch(/context\.path|querystring|input|error\.message/i);
}, 180_000);
