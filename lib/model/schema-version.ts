/**
 * Every file that Onsale writes for others carries `schemaVersion`. A reader accepts exactly the versions it knows:
 * a newer file is refused with a clear error, never half understood.
 */
export const SCHEMA_VERSION = 1;
