/* What services can be called. Pure. */

const SERVICE_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a service can be called so; what cannot must not get into the path of a request. */
export function isServiceName(name) {
  return SERVICE_NAME.test(name);
}
