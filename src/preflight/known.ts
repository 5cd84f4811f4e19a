/** A fact, or why it is not known: a role that may not read is no failure. */
export type Known<T> = { known: true; value: T } | { known: false; why: string }

/** A fact that was read. */
export function known<T>(value: T): Known<T> {
  return { known: true, value }
}

/** A fact that was not to be had, with the reason. */
export function unknown(why: string): Known<never> {
  return { known: false, why }
}

/** What is asked of a known fact; an unknown one stays unknown. */
export function ask<T, U>(fact: Known<T>, question: (value: T) => U): Known<U> {
  return fact.known ? known(question(fact.value)) : fact
}
