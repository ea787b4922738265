const NOBODY = 65_534;

/** Acts without the rights of a superuser, to whom no file is closed: as a user who owns nothing, where the tests run as root. */
export async function asNobody(act: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return act();
  process.seteuid!(NOBODY);
  try {
    await act();
  } finally {
    process.seteuid!(0);
  }
}
