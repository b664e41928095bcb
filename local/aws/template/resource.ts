/** A resource of a template whose intrinsics are resolved. */
export type ResourceRequest = {
  readonly logicalId: string;
  readonly type: string;
  /** Plain data as CloudFormation hands it to the service: numbers may come as strings, as templates write them. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
};

/** What `Ref` and `Fn::GetAtt` give of it. */
export type CreatedResource = {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/** Makes a resource of one type (`AWS::SNS::Topic`) in its service. Throws for a property it does not understand. */
export type ResourceCreator = (resource: ResourceRequest) => CreatedResource | Promise<CreatedResource>;
