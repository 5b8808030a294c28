//! The error table of each operation.
// @generated from openapi/ims.yaml

use crate::ErrorRow;

/// Which row of the error table an answer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// 400 Bad Request: The request is invalid. 请求错误。
    BadRequest,
    /// 401 Unauthorized: Authentication failed. 鉴权失败。
    Unauthorized,
    /// 403 Forbidden: You do not have permission for this operation. 没有操作权限。
    Forbidden,
    /// 404 Not Found: The resource was not found. 找不到资源。
    NotFound,
    /// 500 Internal Server Error: The service failed internally. 服务内部错误。
    InternalServerError,
    /// 503 Service Unavailable: The service is unavailable. 服务不可用。
    ServiceUnavailable,
}
const BAD_REQUEST: ErrorRow = ErrorRow { status: 400u16, reason: "Bad Request", kind: ErrorKind::BadRequest, english: "The request is invalid.", chinese: "请求错误。" };
const UNAUTHORIZED: ErrorRow = ErrorRow { status: 401u16, reason: "Unauthorized", kind: ErrorKind::Unauthorized, english: "Authentication failed.", chinese: "鉴权失败。" };
const FORBIDDEN: ErrorRow = ErrorRow { status: 403u16, reason: "Forbidden", kind: ErrorKind::Forbidden, english: "You do not have permission for this operation.", chinese: "没有操作权限。" };
const NOT_FOUND: ErrorRow = ErrorRow { status: 404u16, reason: "Not Found", kind: ErrorKind::NotFound, english: "The resource was not found.", chinese: "找不到资源。" };
const INTERNAL_SERVER_ERROR: ErrorRow = ErrorRow { status: 500u16, reason: "Internal Server Error", kind: ErrorKind::InternalServerError, english: "The service failed internally.", chinese: "服务内部错误。" };
const SERVICE_UNAVAILABLE: ErrorRow = ErrorRow { status: 503u16, reason: "Service Unavailable", kind: ErrorKind::ServiceUnavailable, english: "The service is unavailable.", chinese: "服务不可用。" };
/// Rows of `ListImageTags`.
pub(crate) static LIST_IMAGE_TAGS: &[ErrorRow] = &[BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, INTERNAL_SERVER_ERROR, SERVICE_UNAVAILABLE];
