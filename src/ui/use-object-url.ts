import { useEffect, useState } from "react";

/** An address for the bytes of a file, for as long as something that shows them is there. */
export function useObjectUrl(bytes: BlobPart | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!bytes) return;
    const made = URL.createObjectURL(new Blob([bytes]));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return url;
}
