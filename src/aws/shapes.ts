/**
 * Shapes for the SDK's own protocols, for services of which we need a handful of answers: only the members that are
 * read here. They have the form of the schemas that the SDK's clients are generated with.
 */
export type Shape = number | (() => unknown) | [Shape, Record<string, string>] | unknown[]

const namespace = 'safe-ecs-deploy'

/** The scalars of the SDK's schemas. */
export const text = 0
export const number = 1
export const truth = 2

/** A member with the name that it has in EC2's XML: `subnetId` for SubnetId. */
export function xml(shape: Shape, name: string): Shape {
  return [shape, { xmlName: name, ec2QueryName: upper(name) }]
}

/** A structure. */
export function structure(name: string, members: Record<string, Shape>): unknown[] {
  return [3, namespace, name, 0, Object.keys(members), Object.values(members)]
}

/** A list; `item` is what EC2's XML calls each entry. */
export function list(name: string, of: Shape, item = 'item'): unknown[] {
  return [1, namespace, name, 0, [of, { xmlName: item }]]
}

/** An operation with its question and its answer. */
export function operation(name: string, input: unknown[], output: unknown[]): unknown[] {
  return [9, namespace, name, 0, () => input, () => output]
}

function upper(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}
