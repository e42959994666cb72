import { expect, it } from 'vitest';
import { propertiesOf, synthesise } from '../synthesise.ts';

const accessLog = { DestinationArn: expect.anything(), Format: expect.any(String) };

it.each([
  { accountLogRole: 'none', roles: 0, log: undefined },
  { accountLogRole: 'existing', roles: 0, log: accessLog },
  { accountLogRole: 'create', roles: 1, log: accessLog },
])(
  '$accountLogRole: $roles roles for the account',
  ({ accountLogRole, roles, log }) => {
    const { template } = synthesise({ accountLogRole });
    template.resourceCountIs('AWS::ApiGateway::Account', roles);
    expect(propertiesOf(template, 'AWS::ApiGateway::Stage').AccessLogSetting).toEqual(log);
  },
  180_000,
);

it('the stage waits for the role, without which API Gateway refuses it', () => {
  const { template } = synthesise({ accountLogRole: 'create' });
  const [account] = Object.keys(template.findResources('AWS::ApiGateway::Account'));
  const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
  expect([stage?.DependsOn].flat()).toContain(account);
}, 180_000);

it('the log has no indicators', () => {
  const { template } = synthesise({ accountLogRole: 'existing' });
  const { Format } = propertiesOf(template, 'AWS::ApiGateway::Stage').AccessLogSetting;
  expect(JSON.parse(Format)).toMatchObject({ resourcePath: '$context.resourcePath' });
  expect(Format).not.toMatch(/context\.path|querystring|input|error\.message/i);
}, 180_000);
