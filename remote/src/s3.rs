//! A bucket of S3 or of a server that speaks its language.

use std::collections::BTreeMap;
use std::env;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use storyreel_engine::cache::remote::Remote;
use url::Url;

use crate::objects::Objects;
use crate::{OpenError, profile};

/// How often a request is tried again.
const RETRIES: usize = 3;

/// The longest time that setting up a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// The bucket at `s3://bucket/folder`; which server, which region and which credentials say the usual
/// variables and the profile.
pub fn open(url: &Url, patience: Duration) -> Result<Arc<dyn Remote>, OpenError> {
    let bucket = url.host_str().filter(|bucket| !bucket.is_empty());
    let bucket = bucket.ok_or_else(|| OpenError::Nameless(url.to_string(), "bucket"))?;
    // The one thing that must be there before a connection; a second call finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let profile = profile::read();
    let endpoint = endpoint(&profile);
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    if env::var_os("AWS_ACCESS_KEY_ID").is_none() {
        builder = with_profile(builder, &profile);
    }
    if env::var_os("AWS_REGION").is_none()
        && env::var_os("AWS_DEFAULT_REGION").is_none()
        && let Some(region) = profile.get("region")
    {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &endpoint {
        // A server that the user names without encryption is meant so.
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    let store = builder
        .with_retry(retry(patience))
        .with_client_options(client(patience, endpoint.as_deref()))
        .build()
        .map_err(|_| {
            OpenError::SetUp("the AWS settings are not complete, or not of a known form".to_owned())
        })?;
    let folder = Path::from_url_path(url.path())
        .map_err(|_| OpenError::Nameless(url.to_string(), "folder of a bucket"))?;
    let place = match endpoint.as_deref().and_then(server) {
        Some(server) => format!("s3://{bucket}/{folder} at {server}"),
        None => format!("s3://{bucket}/{folder}"),
    };
    Ok(Arc::new(Objects::new(Arc::new(store), folder, place, patience, secrets(&profile))?))
}

fn endpoint(profile: &BTreeMap<String, String>) -> Option<String> {
    let named = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
    let set = named.iter().filter_map(|name| env::var(name).ok()).find(|value| !value.is_empty());
    set.or_else(|| profile.get("endpoint_url").cloned())
}

/// The server in an endpoint's URL, without a user or password that may be written there.
fn server(endpoint: &str) -> Option<String> {
    let url = Url::parse(endpoint).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn with_profile(mut builder: AmazonS3Builder, profile: &BTreeMap<String, String>) -> AmazonS3Builder {
    if let (Some(id), Some(secret)) = (profile.get("aws_access_key_id"), profile.get("aws_secret_access_key"))
    {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        if let Some(token) = profile.get("aws_session_token") {
            builder = builder.with_token(token);
        }
    }
    builder
}

fn retry(patience: Duration) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 3.0,
        },
        max_retries: RETRIES,
        retry_timeout: patience * 2,
    }
}

fn client(patience: Duration, endpoint: Option<&str>) -> ClientOptions {
    ClientOptions::new()
        .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")))
        .with_connect_timeout(CONNECT.min(patience))
        .with_read_timeout(patience)
        .with_timeout_disabled()
}

/// What no message may hold.
fn secrets(profile: &BTreeMap<String, String>) -> Vec<String> {
    let keys = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];
    let set = keys.iter().filter_map(|key| env::var(key.to_ascii_uppercase()).ok());
    set.chain(keys.iter().filter_map(|key| profile.get(*key).cloned())).collect()
}
