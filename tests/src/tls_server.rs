//! TLS on loopback with an authority of its own, which no system trusts; in clear behind it stands another server.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// An authority, which signs what servers and clients show.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

impl Authority {
    /// A new one, with keys of its own.
    ///
    /// # Errors
    /// No keys can be made.
    pub fn new() -> Fallible<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "authority of a test");
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        Ok(Self { issuer: Issuer::new(params, key), certificate })
    }

    /// Its certificate, to be trusted.
    #[must_use]
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Key and certificate for a client, as `reqwest::Identity` takes them.
    ///
    /// # Errors
    /// No keys can be made.
    pub fn identity(&self) -> Fallible<String> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(vec!["client".to_owned()])?.signed_by(&key, &self.issuer)?;
        Ok(format!("{}{}", key.serialize_pem(), certificate.pem()))
    }

    /// Starts TLS for these host names in front of the server at `behind`. With `of_clients`, only clients that show a
    /// certificate of this authority are let in.
    ///
    /// # Errors
    /// No port is free.
    pub async fn serve(&self, hosts: &[&str], behind: SocketAddr, of_clients: bool) -> Fallible<SocketAddr> {
        let key = KeyPair::generate()?;
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let certificate = CertificateParams::new(hosts)?.signed_by(&key, &self.issuer)?;
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone())?;
        let config = ServerConfig::builder();
        let config = if of_clients {
            config.with_client_cert_verifier(WebPkiClientVerifier::builder(roots.into()).build()?)
        } else {
            config.with_no_client_auth()
        };
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = config.with_single_cert(vec![certificate.der().clone()], key.into())?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut clear = TcpStream::connect(behind).await?;
                    // A client that doesn't trust this server ends the handshake; that is no failure of the server.
                    let mut inside = acceptor.accept(stream).await?;
                    tokio::io::copy_bidirectional(&mut inside, &mut clear).await
                });
            }
        });
        Ok(address)
    }
}
