//! SHA-256 and HMAC-SHA256: by the crypto library that rustls brings anyway, else by RustCrypto.
//!
//! With the default features this saves a dozen crates; both ways meet the same signing vectors.

#[cfg(feature = "rustls")]
pub(crate) use with_rustls::{SigningKey, sha256};
#[cfg(not(feature = "rustls"))]
pub(crate) use without_rustls::{SigningKey, sha256};

use std::fmt;

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(feature = "rustls")]
mod with_rustls {
    use aws_lc_rs::{digest, hmac};

    pub(crate) fn sha256(bytes: &[u8]) -> impl AsRef<[u8]> + use<> {
        digest::digest(&digest::SHA256, bytes)
    }

    /// A secret made ready for HMAC-SHA256 once, which is two of the ten blocks of a signature; wiped when it is dropped.
    pub(crate) struct SigningKey(hmac::Key);

    impl SigningKey {
        pub(crate) fn new(secret: &[u8]) -> Self {
            Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
        }

        pub(crate) fn sign(&self, message: &[u8]) -> impl AsRef<[u8]> + use<> {
            hmac::sign(&self.0, message)
        }
    }
}

#[cfg(not(feature = "rustls"))]
mod without_rustls {
    #[cfg(not(feature = "rustcrypto"))]
    compile_error!("ims-api signs requests: enable its feature `rustls` (the default) or `rustcrypto`");

    #[cfg(feature = "rustcrypto")]
    pub(crate) fn sha256(bytes: &[u8]) -> impl AsRef<[u8]> + use<> {
        <sha2::Sha256 as sha2::Digest>::digest(bytes)
    }

    /// A secret made ready for HMAC-SHA256 once; wiped when it is dropped.
    #[cfg(feature = "rustcrypto")]
    pub(crate) struct SigningKey(Option<hmac::Hmac<sha2::Sha256>>);

    #[cfg(feature = "rustcrypto")]
    impl SigningKey {
        pub(crate) fn new(secret: &[u8]) -> Self {
            // HMAC takes keys of any length: there is always one, and none would only be a wrong signature.
            Self(hmac::KeyInit::new_from_slice(secret).ok())
        }

        pub(crate) fn sign(&self, message: &[u8]) -> impl AsRef<[u8]> + use<> {
            use hmac::Mac as _;
            let mac = self.0.clone();
            mac.map(|mac| mac.chain_update(message).finalize().into_bytes()).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests;
