//! Names and texts of the document.

use xtask::document::{Names, split};

#[test]
fn names_become_identifiers() {
    for (name, method, r#type) in [
        ("ListImageTags", "list_image_tags", "ListImageTags"),
        ("page-size", "page_size", "PageSize"),
        ("type", "type_", "Type"),
        ("gen", "gen_", "Gen"),
        ("self", "self_", "Self_"),
        ("1a", "_1a", "X1a"),
        ("+1", "plus1", "plus1"),
        ("标签", "标签", "标签"),
        ("中 文", "中_文", "中文"),
        ("", "x", "X"),
        ("*", "x", "X"),
        ("it's", "its", "Its"),
    ] {
        assert_eq!(Names::of_operation(name).snake, method, "{name:?}");
        assert_eq!(Names::of_type(name).pascal, r#type, "{name:?}");
    }
    // Each as the part of the generator that names it does.
    assert_eq!(Names::of_property("1a").snake, "x1a");
    assert_eq!(Names::of_operation("2fa").pascal, "_2fa");
    for (status, reason, kind, mock) in [
        (404, "Not Found", "NotFound", "not_found"),
        (100, "Continue", "Continue", "continue_"),
        (299, "", "Status299", "status299"),
    ] {
        let names = Names::of_reason(status, reason);
        assert_eq!((&*names.pascal, &*names.snake), (kind, mock), "{status}");
    }
}

#[test]
fn descriptions_are_split_by_language() {
    for (text, want) in [
        ("Image ID. 镜像ID。", Some(("Image ID.", "镜像ID。"))),
        ("A token. IAM用户Token，有效期为24小时。", Some(("A token.", "IAM用户Token，有效期为24小时。"))),
        ("One.\nTwo.\n\n一。\n\n二。", Some(("One.\nTwo.", "一。\n\n二。"))),
        ("Not Found\n\nNo image.\n\n找不到资源。", Some(("Not Found\n\nNo image.", "找不到资源。"))),
        ("English only.", None),
        ("只有中文。", None),
        ("", None),
    ] {
        assert_eq!(split(text), want, "{text:?}");
    }
}
