// Every snake_case name has its camelCase one.

export type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S;

/** Every snake_case member has its camelCase name too. */
export type Aliases<T> = {
  [K in keyof T as K extends string ? (CamelCase<K> extends K ? never : CamelCase<K>) : never]: T[K];
};
