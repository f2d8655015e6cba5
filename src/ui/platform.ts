/** Whether application commands go with Cmd here. */
export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);
