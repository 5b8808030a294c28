//! The typed surface of Huawei Cloud Image Management Service: operations, builders, types.
// @generated from openapi/ims.yaml by progenitor 0.15.1; to change it, edit the document and run `cargo xtask generate`.

use crate::{Client, Error, ResponseValue};

/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///x
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ErrorBody {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<ErrorBodyError>,
    }
    impl ErrorBody {
        pub fn builder() -> builder::ErrorBody {
            Default::default()
        }
    }
    ///`ErrorBodyError`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ErrorBodyError {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub code: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
    }
    impl ErrorBodyError {
        pub fn builder() -> builder::ErrorBodyError {
            Default::default()
        }
    }
    ///Image ID. 镜像ID。
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct ImageId(::std::string::String);
    impl ::std::ops::Deref for ImageId {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<ImageId> for ::std::string::String {
        fn from(value: ImageId) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for ImageId {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[A-Za-z0-9_-]{1,64}$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[A-Za-z0-9_-]{1,64}$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for ImageId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ImageId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ImageId {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///Tags of an image. 镜像的标签。
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ImageTags {
        ///Tag list. 标签列表。
        pub tags: ::std::vec::Vec<ResourceTag>,
    }
    impl ImageTags {
        pub fn builder() -> builder::ImageTags {
            Default::default()
        }
    }
    ///Project ID. 项目ID。
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct ProjectId(::std::string::String);
    impl ::std::ops::Deref for ProjectId {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<ProjectId> for ::std::string::String {
        fn from(value: ProjectId) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for ProjectId {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            static PATTERN: ::std::sync::LazyLock<::regress::Regex> = ::std::sync::LazyLock::new(||
            { ::regress::Regex::new("^[A-Za-z0-9_-]{1,64}$").unwrap() });
            if PATTERN.find(value).is_none() {
                return Err("doesn't match pattern \"^[A-Za-z0-9_-]{1,64}$\"".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for ProjectId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ProjectId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ProjectId {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///One tag, a key with a value. 标签，由键和值组成。
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ResourceTag {
        ///Tag key. 标签的键。
        pub key: ::std::string::String,
        ///Tag value, which may be empty. 标签的值。
        pub value: ::std::string::String,
    }
    impl ResourceTag {
        pub fn builder() -> builder::ResourceTag {
            Default::default()
        }
    }
    /// Types for composing complex structures.
    pub mod builder {
        #[derive(Clone, Debug)]
        pub struct ErrorBody {
            error: ::std::result::Result<
                ::std::option::Option<super::ErrorBodyError>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ErrorBody {
            fn default() -> Self {
                Self {
                    error: Ok(Default::default()),
                }
            }
        }
        impl ErrorBody {
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::ErrorBodyError>>,
                T::Error: ::std::fmt::Display,
            {
                self.error = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for error: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ErrorBody> for super::ErrorBody {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ErrorBody,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { error: value.error? })
            }
        }
        impl ::std::convert::From<super::ErrorBody> for ErrorBody {
            fn from(value: super::ErrorBody) -> Self {
                Self { error: Ok(value.error) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ErrorBodyError {
            code: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            message: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ErrorBodyError {
            fn default() -> Self {
                Self {
                    code: Ok(Default::default()),
                    message: Ok(Default::default()),
                }
            }
        }
        impl ErrorBodyError {
            pub fn code<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.code = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for code: {e}")
                    });
                self
            }
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ErrorBodyError> for super::ErrorBodyError {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ErrorBodyError,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    code: value.code?,
                    message: value.message?,
                })
            }
        }
        impl ::std::convert::From<super::ErrorBodyError> for ErrorBodyError {
            fn from(value: super::ErrorBodyError) -> Self {
                Self {
                    code: Ok(value.code),
                    message: Ok(value.message),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ImageTags {
            tags: ::std::result::Result<
                ::std::vec::Vec<super::ResourceTag>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ImageTags {
            fn default() -> Self {
                Self {
                    tags: Err("no value supplied for tags".to_string()),
                }
            }
        }
        impl ImageTags {
            pub fn tags<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::ResourceTag>>,
                T::Error: ::std::fmt::Display,
            {
                self.tags = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for tags: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ImageTags> for super::ImageTags {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ImageTags,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { tags: value.tags? })
            }
        }
        impl ::std::convert::From<super::ImageTags> for ImageTags {
            fn from(value: super::ImageTags) -> Self {
                Self { tags: Ok(value.tags) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ResourceTag {
            key: ::std::result::Result<::std::string::String, ::std::string::String>,
            value: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for ResourceTag {
            fn default() -> Self {
                Self {
                    key: Err("no value supplied for key".to_string()),
                    value: Err("no value supplied for value".to_string()),
                }
            }
        }
        impl ResourceTag {
            pub fn key<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.key = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for key: {e}")
                    });
                self
            }
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.value = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for value: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ResourceTag> for super::ResourceTag {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ResourceTag,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    key: value.key?,
                    value: value.value?,
                })
            }
        }
        impl ::std::convert::From<super::ResourceTag> for ResourceTag {
            fn from(value: super::ResourceTag) -> Self {
                Self {
                    key: Ok(value.key),
                    value: Ok(value.value),
                }
            }
        }
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
}

/// The operations of the document as the runtime sees them.
pub mod operations {
    use crate::{Operation, generated::error_table};
    /// `GET /v2/{project_id}/images/{image_id}/tags`
    pub static LIST_IMAGE_TAGS: Operation = Operation {
        id: "ListImageTags",
        method: "GET",
        path: "/v2/{project_id}/images/{image_id}/tags",
        idempotent: true,
        success: 200u16,
        errors: error_table::LIST_IMAGE_TAGS,
        page: "https://support.huaweicloud.com/api-ims/ims_03_0620.html",
    };
    /// All operations.
    pub static ALL: &[&Operation] = &[&LIST_IMAGE_TAGS];
}
impl Client {
    /// Lists the tags of an image. 查询镜像标签。
    pub fn list_image_tags(&self) -> builder::ListImageTags<'_> {
        builder::ListImageTags::new(self)
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
pub mod builder {
    use super::{Client, Error, ResponseValue, operations, types};
    use crate::path::encode;
    /// Builder for [`Client::list_image_tags`]
    #[derive(Debug, Clone)]
    pub struct ListImageTags<'a> {
        client: &'a Client,
        project_id: Option<Result<types::ProjectId, String>>,
        image_id: Result<types::ImageId, String>,
    }
    impl<'a> ListImageTags<'a> {
        pub(crate) fn new(client: &'a Client) -> Self {
            Self {
                client: client,
                project_id: None,
                image_id: Err("image_id was not initialized".to_string()),
            }
        }
        /// Project ID. 项目ID。 Defaults to the client's.
        pub fn project_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ProjectId>,
            V::Error: std::fmt::Display,
        {
            self.project_id = Some(value.try_into().map_err(|e| format!("project_id: {e}")));
            self
        }
        /// Image ID. 镜像ID。
        pub fn image_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ImageId>,
            V::Error: std::fmt::Display,
        {
            self.image_id = value.try_into().map_err(|e| format!("image_id: {e}"));
            self
        }
        /// Sends a `GET` request to `/v2/{project_id}/images/{image_id}/tags`
        pub async fn send(self) -> Result<ResponseValue<types::ImageTags>, Error> {
            let Self { client, project_id, image_id } = self;
            let operation = &operations::LIST_IMAGE_TAGS;
            let project_id = match project_id {
                Some(given) => given.map_err(|reason| Error::invalid_request(operation, reason))?,
                None => client.project_id(operation).await?,
            };
            let image_id = image_id.map_err(|reason| Error::invalid_request(operation, reason))?;
            let url = format!(
                "{}/v2/{}/images/{}/tags",
                client.endpoint(),
                encode(&project_id.to_string()),
                encode(&image_id.to_string()),
            );
            let request = client
                .http()
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .build()
                .map_err(|e| Error::unbuildable(operation, e))?;
            client.call(operation, request).await
        }
    }
}
