import { describe, expect, test } from 'vitest';
import { createStack } from '../../../../../local/aws/template/create-stack.ts';
import type { ResourceRequest } from '../../../../../local/aws/template/resource.ts';
import { createAwsWorld } from '../../../../../local/aws/world.ts';
import { manualClock } from '../../../../../local/clock.ts';

/** A world that knows one kind of resource, which keeps what it was asked for. */
function createWorld() {
  const world = createAwsWorld({ clock: manualClock(0), accountId: '111122223333', region: 'eu-west-1' });
  const created: ResourceRequest[] = [];
  world.addCreator('Test::Thing', (resource) => {
    created.push(resource);
    return { ref: `ref-${resource.logicalId}`, attributes: { Arn: `arn:${resource.logicalId}`, 'Nested.Name': 'n' } };
  });
  world.addDynamicReference('ssm', (reference) => `value of ${reference}`);
  return { world, created };
}
/** A placeholder as Fn::Sub writes it. */
const sub = (name: string) => `$\{${name}}`;
const thing = (Properties: object = {}, more: object = {}) => ({ Type: 'Test::Thing', Properties, ...more });
const create = async (sections: object, parameters: Record<string, string> = {}) => {
  const { world, created } = createWorld();
  const stack = await createStack(world, sections, { stackName: 'mskeeper', parameters });
  return { stack, created };
};
/** The value that a property gets, beside a resource called Other. */
const resolved = async (value: unknown, sections: object = {}, parameters: Record<string, string> = {}) => {
  const { created } = await create({ Resources: { Other: thing(), Main: thing({ value }) }, ...sections }, parameters);
  return created.find(({ logicalId }) => logicalId === 'Main')?.properties.value;
};

describe('intrinsic functions', () => {
  test.each<[string, unknown, unknown]>([
    ['Ref of a resource', { Ref: 'Other' }, 'ref-Other'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::AccountId' }, '111122223333'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Other', 'Arn'] }, 'arn:Other'],
    ['Fn::GetAtt as a text, with a dotted attribute', { 'Fn::GetAtt': 'Other.Nested.Name' }, 'n'],
    [
      'Fn::Sub',
      { 'Fn::Sub': `arn:${sub('AWS::Partition')}:${sub('Other')}:${sub('Other.Arn')}:${sub('!Kept')}` },
      `arn:aws:ref-Other:arn:Other:${sub('Kept')}`,
    ],
    [
      'Fn::Sub with names of its own',
      { 'Fn::Sub': [`${sub('a')}-${sub('Other')}`, { a: { Ref: 'AWS::Region' } }] },
      'eu-west-1-ref-Other',
    ],
    ['Fn::Join of references', { 'Fn::Join': ['/', ['a', { Ref: 'Other' }, 1]] }, 'a/ref-Other/1'],
    [
      'Fn::Split and Fn::Select',
      { 'Fn::Select': ['1', { 'Fn::Split': [':', { 'Fn::GetAtt': ['Other', 'Arn'] }] }] },
      'Other',
    ],
    ['Fn::Base64', { 'Fn::Base64': 'text' }, 'dGV4dA=='],
    ['AWS::NoValue in an object', { kept: 1, gone: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
    ['AWS::NoValue in a list', [1, { Ref: 'AWS::NoValue' }, 2], [1, 2]],
    ['a dynamic reference', 'to {{resolve:ssm:/mskeeper/mail}}', 'to value of /mskeeper/mail'],
    [
      'a dynamic reference put together',
      { 'Fn::Sub': `{{resolve:ssm:/${sub('AWS::StackName')}}}` },
      'value of /mskeeper',
    ],
    ['nothing to resolve', { a: [true, null, 'x', { b: 1.5 }] }, { a: [true, null, 'x', { b: 1.5 }] }],
  ])('%s', async (_, value, expected) => expect(await resolved(value)).toEqual(expected));

  test('a parameter’s value, its default, and a list', async () => {
    const Parameters = { Stage: { Type: 'String', Default: 'drill' }, Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' } };
    const value = [{ Ref: 'Stage' }, { Ref: 'Subnets' }];
    expect(await resolved(value, { Parameters }, { Subnets: 'a, b' })).toEqual(['drill', ['a', 'b']]);
    await expect(resolved(value, { Parameters })).rejects.toThrow(
      'the parameter Subnets has neither a value nor a default',
    );
  });

  test('Fn::FindInMap', async () => {
    const Mappings = { Size: { 'eu-west-1': { memory: 512 } } };
    const value = { 'Fn::FindInMap': ['Size', { Ref: 'AWS::Region' }, 'memory'] };
    expect(await resolved(value, { Mappings })).toBe(512);
    await expect(resolved({ 'Fn::FindInMap': ['Size', 'x', 'memory'] }, { Mappings })).rejects.toThrow('Size.x.memory');
  });

  test.each<[string, unknown, boolean]>([
    ['Fn::Equals', { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }, true],
    ['Fn::Not', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'a'] }] }, false],
    ['Fn::And', { 'Fn::And': [{ 'Fn::Equals': ['a', 'a'] }, { Condition: 'No' }] }, false],
    ['Fn::Or', { 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': ['a', 'a'] }] }, true],
  ])('%s decides Fn::If', async (_, condition, expected) => {
    const Conditions = { Asked: condition, No: { 'Fn::Equals': ['a', 'b'] } };
    expect(await resolved({ 'Fn::If': ['Asked', 'yes', 'no'] }, { Conditions })).toBe(expected ? 'yes' : 'no');
  });
});

describe('stacks', () => {
  test('creates resources after those they refer to', async () => {
    const { created } = await create({
      Resources: {
        Last: thing({ a: { 'Fn::Sub': sub('Middle.Arn') } }),
        Middle: thing({ a: { 'Fn::GetAtt': ['First', 'Arn'] } }),
        First: thing(),
        After: thing({}, { DependsOn: 'Last' }),
      },
    });
    expect(created.map(({ logicalId }) => logicalId)).toEqual(['First', 'Middle', 'Last', 'After']);
  });

  test('leaves out what its condition excludes, and names a reference to it', async () => {
    const Conditions = { No: { 'Fn::Equals': ['a', 'b'] } };
    const Gone = thing({}, { Condition: 'No' });
    const Outputs = { Kept: { Value: { Ref: 'Kept' } }, Gone: { Value: { Ref: 'Gone' }, Condition: 'No' } };
    const { stack } = await create({ Conditions, Resources: { Gone, Kept: thing() }, Outputs });
    expect([...stack.resources.keys()]).toEqual(['Kept']);
    expect(stack.outputs).toEqual({ Kept: 'ref-Kept' });
    const referring = create({ Conditions, Resources: { Gone, Kept: thing({ a: { Ref: 'Gone' } }) } });
    await expect(referring).rejects.toThrow('a reference to Gone, which is not created, its condition is false');
  });

  test('lists every type that is not served before it creates anything', async () => {
    const Resources = { Fine: thing(), A: { Type: 'AWS::EC2::VPC' }, B: { Type: 'AWS::DynamoDB::Table' } };
    await expect(create({ Resources })).rejects.toThrow('AWS::EC2::VPC (A), AWS::DynamoDB::Table (B)');
  });

  test.each<[string, object, string]>([
    ['a circle', { A: thing({ x: { Ref: 'B' } }), B: thing({ x: { Ref: 'A' } }) }, 'A → B → A'],
    [
      'an unknown function',
      { A: thing({ x: { 'Fn::ImportValue': 'y' } }) },
      'A.Properties.x.Fn::ImportValue: the intrinsic function Fn::ImportValue is not supported',
    ],
    ['an unknown name', { A: thing({ x: { Ref: 'Nobody' } }) }, 'a reference to Nobody, which does not exist'],
    [
      'an unknown attribute',
      { A: thing(), B: thing({ x: { 'Fn::GetAtt': ['A', 'Url'] } }) },
      'A has no attribute Url; it has Arn, Nested.Name',
    ],
    ['an index out of range', { A: thing({ x: { 'Fn::Select': [2, ['a']] } }) }, 'there is no element 2'],
  ])('refuses %s', async (_, Resources, message) => {
    await expect(create({ Resources })).rejects.toMatchObject({
      name: 'TemplateError',
      message: expect.stringContaining(message),
    });
  });

  test('refuses a template with a transform, and names the resource that its service refuses', async () => {
    await expect(create({ Transform: 'AWS::Serverless-2016-10-31', Resources: {} })).rejects.toThrow(
      'Transform is not supported',
    );
    const { world } = createWorld();
    world.addCreator('Test::Broken', () => {
      throw new Error('this will not do');
    });
    const broken = createStack(world, { Resources: { It: { Type: 'Test::Broken' } } }, { stackName: 's' });
    await expect(broken).rejects.toThrow('It (Test::Broken): this will not do');
  });
});
