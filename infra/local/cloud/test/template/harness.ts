/** Parts of templates that several tests use. */

export const role = (id: string) => ({
  [id]: {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: id, AssumeRolePolicyDocument: { Statement: { Effect: 'Allow' } } },
  },
});
export const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
