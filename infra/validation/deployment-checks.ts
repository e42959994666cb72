/** Fails the synthesis if AWS would refuse a definition, a route or a policy. */
import { readFileSync } from 'node:fs';
import type { IPolicyValidationPlugin } from 'aws-cdk-lib';
import { apiFindings } from './api-document.ts';
import { hasPolicy, policyFindings } from './policies.ts';
import type { Finding, Refusal, Resource } from './refusal.ts';
import { stateMachineFindings } from './state-machines.ts';
import { resourcesOf } from './template.ts';

/** Returns everything in a template that AWS would refuse, as far as these rules know. */
export function refusalsOf(template: unknown): Refusal[] {
  return resourcesOf(template).flatMap((resource) =>
    checksOf(resource).flatMap(({ location, find }) =>
      find(resource).map((finding) => ({ ...finding, logicalId: resource.logicalId, location })),
    ),
  );
}

interface Check {
  readonly location: string;
  readonly find: (resource: Resource) => Finding[];
}

function checksOf(resource: Resource): Check[] {
  if (resource.type === 'AWS::StepFunctions::StateMachine') {
    return [{ location: 'Properties.DefinitionString', find: stateMachineFindings }];
  }
  if (resource.type === 'AWS::ApiGateway::RestApi') {
    return [{ location: 'Properties.Body', find: apiFindings }];
  }
  return hasPolicy(resource) ? [{ location: 'Properties', find: policyFindings }] : [];
}

/** The plugin, for `Validations.of(app).addPlugins`. */
export class DeploymentChecks implements IPolicyValidationPlugin {
  readonly name = 'DeploymentChecks';

  validate({ templatePaths }: Parameters<IPolicyValidationPlugin['validate']>[0]) {
    const violations = templatePaths.flatMap((templatePath) =>
      refusalsOf(JSON.parse(readFileSync(templatePath, 'utf8'))).map(
        ({ rule, message, logicalId, location }) => ({
          ruleName: rule,
          description: message,
          violatingResources: [
            { resourceLogicalId: logicalId, templatePath, locations: [location] },
          ],
        }),
      ),
    );
    return { success: violations.length === 0, violations };
  }
}
