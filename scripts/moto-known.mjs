/**
 * Where the simulator and moto differ, and why that is right: patterns over `service Operation (case): member`. One that
 * meets nothing any more is an error, so the list stays true.
 */
const newer = 'moto knows the API of before archives and transitions'

export const motoKnown = [
  [/^ecr CreateRepository \(bad name\): message/, 'the quote that opens the constraint is closed'],
  [/^ecr PutImage \(missing repository\)/, "moto's own 500; documented: RepositoryNotFoundException"],
  [
    /^ecr PutImage \(an immutable tag\)/,
    'observed at ECR: ImageTagAlreadyExistsException with this sentence'
  ],
  [/^ecr DescribeImages.*imageSizeInBytes/, 'config and layers; moto leaves the config out'],
  [/^ecr DescribeImages.*(artifactMediaType|imageStatus)/, newer],
  [/^ecr BatchGetImage \(digest\)/, "moto's digest is not that of the bytes; documented: it is"],
  [/^ecr BatchGetImage \(by digest\)/, 'moto finds no image by digest; the user guide does'],
  [/^ecr PutLifecyclePolicy \(action\): message/, newer],
  [/^ecr PutLifecyclePolicy \(tag status\): message/, 'the same list with spaces'],
  [/^ecr PutLifecyclePolicy \(tagged without a list\)/, 'observed at ECR: refused with this sentence'],
  [/^ecr DeleteLifecyclePolicy: lifecyclePolicyText/, 'moto took the policy before, which is refused'],
  [/^logs GetLogEvents \(missing stream\): message/, 'the group exists, the stream does not'],
  [
    /^ec2 DescribeVpcs: Vpcs\[0\]\.(Dhcp|Ipv6|CidrBlockAssociationSet)/,
    'ids that moto makes otherwise; no IPv6 here'
  ],
  [
    /^ec2 DescribeSubnets: Subnets\[0\]\.AvailabilityZoneId/,
    'which zone has which id differs from account to account'
  ],
  [
    /^ec2 DescribeSubnets: Subnets\[0\]\.(MapCustomer|EnableDns64)/,
    'members that AWS answers and moto leaves out'
  ],
  [/^ec2 DescribeRouteTables: .*PropagatingVgws/, 'a member that AWS answers and moto leaves out'],
  [/^ec2 Describe(Vpcs|SecurityGroups) \(missing\): message/, "moto's message shows a Python set"],
  [/^ec2 DescribeInternetGateways \(missing\): message/, 'the words of EC2, as for its other kinds'],
  [/^ec2 DescribeNatGateways \(missing\)/, 'moto answers an empty list'],
  [
    /^elb DescribeTargetGroups: 0\.HealthCheckTimeoutSeconds/,
    'documented: 6 s for HTTP; the console makes it 5'
  ],
  [
    /^elb DescribeLoadBalancers: 0\.Scheme/,
    'moto leaves out what was not given; documented: internet-facing'
  ],
  [/^elb DescribeLoadBalancers: .*LoadBalancerAddresses/, 'an empty list that moto leaves out'],
  [
    /^elb DescribeTargetGroupAttributes: (load_bal|waf|sticki)/,
    'the simulator has what a deploy depends on only'
  ],
  [
    /^elb DescribeTargetHealth \(not registered\)/,
    'documented: unused, Target.NotRegistered, with this description'
  ],
  [/^elb DescribeLoadBalancers \(missing\): message/, 'worded as for target groups']
]
