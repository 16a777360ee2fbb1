/** A shallow copy of a Protobuf message with other values in some fields. Its prototype, which has the defaults, is kept. */
export function copyWith<T extends object>(message: T, fields: Partial<T>): T {
  return Object.assign(Object.create(Object.getPrototypeOf(message) as object | null) as T, message, fields);
}
